"""medbench show: print a run's table again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from medbench.cli.command import Command
from medbench.cli.options import json_option, print_json

if TYPE_CHECKING:
    from medbench.result import Result


@click.command(
    cls=Command,
    short_help="Print the table of finished runs again.",
    examples=[
        "medbench show runs",
        "medbench show runs --overview --format markdown",
        "medbench show runs/mema-mini@1a2b3c4d5e/ours@6f7a8b9c0d --all",
    ],
)
@click.argument("runs", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="RUN...")
@click.option("--all", "everything", is_flag=True, help="Every figure: per class, per region, each reading.")
@click.option(
    "--format", "form", type=click.Choice(["table", "markdown", "csv"]), default="table", show_default=True
)
@click.option("--overview", is_flag=True, help="One table with a row per method.")
@json_option
def show(runs: tuple[Path, ...], everything: bool, form: str, overview: bool, as_json: bool) -> None:
    """Print the table of finished runs again: RUN is a run's folder, or a folder that holds several."""
    from medbench.reports.console import print_board, print_figures
    from medbench.reports.find import results_under
    from medbench.reports.plain import to_csv, to_markdown

    results = results_under(runs)
    if overview:
        _overview(results, "json" if as_json else form)
    elif as_json:
        print_json([result.model_dump(mode="json") for result in results])
    elif form == "csv":
        click.echo(to_csv(results), nl=False)
    elif form == "markdown":
        click.echo(to_markdown(results), nl=False)
    elif everything:
        for result in results:
            print_figures(result)
    else:
        print_board(results)


def _overview(results: Sequence[Result], form: str) -> None:
    from medbench.reports.console import print_overview
    from medbench.reports.overview import overviews, plain_rows
    from medbench.reports.overview_forms import overview_csv, overview_markdown

    tables = overviews(results)
    if form == "json":
        print_json([row for one in tables for row in plain_rows(one)])
    elif form == "csv":
        click.echo(overview_csv(tables), nl=False)
    for one in tables:
        if form == "markdown":
            click.echo(overview_markdown(one))
        elif form == "table":
            print_overview(one)
