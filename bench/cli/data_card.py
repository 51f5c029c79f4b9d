"""medbench data card: what is known of a suite, in the form of a datasheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from medbench.cli.command import Command
from medbench.cli.options import json_option, print_json

if TYPE_CHECKING:
    from medbench.suites.suite import SuiteCard


@click.command(
    "card", cls=Command, examples=["medbench data card mema-mini", "medbench data card path/to/photographs"]
)
@click.argument("suite", metavar="NAME|FOLDER")
@json_option
def card(suite: str, as_json: bool) -> None:
    """Print the data card of a suite as Markdown; the data themselves need not be here.

    Origin, licence, subjects, splits, labels, limits, how to obtain it. Of a folder it says what its
    labels.csv tells.
    """
    from medbench.reports.data_card import to_markdown

    found = _card(suite)
    if as_json:
        print_json(found.model_dump(mode="json"))
    else:
        click.echo(to_markdown(found), nl=False)


def _card(name: str) -> SuiteCard:
    from medbench.stages.resolve import suite_of
    from medbench.suites.cards import card_file, card_named

    if card_file(name).is_file():
        return card_named(name)
    return suite_of(name).card
