"""medbench list: what there is."""

from __future__ import annotations

from typing import Any

import click

from medbench.cli.command import Command
from medbench.cli.options import json_option, print_json, print_rows

KINDS = ("methods", "metrics", "suites", "evaluators", "weights")


@click.command(
    "list",
    cls=Command,
    short_help="What there is: methods, metrics, suites, evaluators, weights.",
    examples=["medbench list methods", "medbench list weights --json"],
)
@click.argument("kind", required=False, type=click.Choice(KINDS))
@json_option
def listing(kind: str | None, as_json: bool) -> None:
    """List methods, metrics, suites, evaluators or weight files; all but the weights without KIND."""
    kinds = [kind] if kind else list(KINDS[:-1])
    found = {one: _rows(one) for one in kinds}
    if as_json:
        print_json(found[kind] if kind else found)
        return
    for number, one in enumerate(kinds):
        if len(kinds) > 1:
            click.echo(("\n" if number else "") + one)
        _print(found[one])


def _rows(kind: str) -> list[dict[str, Any]]:
    if kind == "weights":
        from dataclasses import asdict

        from medbench.weights import weight_files

        return [asdict(item) for item in weight_files().values()]
    from medbench.catalogue import catalogue

    return catalogue(kind)


def _print(rows: list[dict[str, Any]]) -> None:
    hidden = {"from", "file", "sha256"}
    titles = list(dict.fromkeys(key for row in rows for key in row if key not in hidden))
    print_rows(tuple(titles), [tuple(_text(row.get(title, "")) for title in titles) for row in rows])


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
