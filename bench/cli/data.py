"""medbench data: where suites come from, and what they look like."""

from __future__ import annotations

from pathlib import Path

import click

from medbench.cli.command import Group
from medbench.cli.data_add import add
from medbench.cli.data_card import card
from medbench.cli.data_export import export
from medbench.cli.data_validate import validate
from medbench.cli.options import json_option, print_json, print_rows
from medbench.core import MedbenchError


@click.group(
    cls=Group,
    short_help="Data sets: add one, validate it, read its card, list, draw or look at them.",
    examples=[
        "medbench data list",
        "medbench data validate path/to/photographs",
        "medbench data sheet --suite mema-mini --out sheet.png",
    ],
)
def data() -> None:
    """Add data sets, validate them, read their cards, draw the embedded one, look at a sheet of it."""


for _command in (add, validate, card, export):
    data.add_command(_command)


@data.command("list", examples=["medbench data list"])
@json_option
def list_data(as_json: bool) -> None:
    """List the suites and whether their data are here."""
    from medbench.catalogue import catalogue
    from medbench.stages.resolve import suite_of

    rows = []
    for row in catalogue("suites"):
        try:
            suite = suite_of(row["name"])
            state = ", ".join(suite.card.splits)
            here = True
        except MedbenchError as error:
            state, here = str(error).splitlines()[0], False
        rows.append({"name": row["name"], "here": here, "splits": state, "title": row.get("title", "")})
    if as_json:
        print_json(rows)
        return
    print_rows(
        ("suite", "here", "splits", "title"),
        [(r["name"], "yes" if r["here"] else "no", r["splits"], r["title"]) for r in rows],
    )


@data.command(examples=["medbench data draw --suite mema-mini --split val"])
@click.option("--suite", "-s", default="mema-mini", show_default=True, metavar="NAME|FOLDER")
@click.option("--split", metavar="NAME", help="Default: the suite's own.")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Whole subjects, at most N images.")
@json_option
def draw(suite: str, split: str | None, limit: int | None, as_json: bool) -> None:
    """Draw (or unpack) a suite's images now, so that a run does not have to."""
    from medbench.stages.pick import limited
    from medbench.stages.resolve import suite_of

    found = suite_of(suite)
    split = split or found.default_split
    ids = list(limited(found.index(split), limit)["id"])
    found.prepare(split, ids)
    if as_json:
        print_json({"suite": found.card.name, "split": split, "images": len(ids)})
    else:
        click.echo(f"{found.card.name}/{split}: {len(ids)} images are ready")


@data.command(examples=["medbench data sheet --suite mema-mini --number 48 --out sheet.png"])
@click.option("--suite", "-s", default="mema-mini", show_default=True, metavar="NAME|FOLDER")
@click.option("--split", metavar="NAME", help="Default: the suite's own.")
@click.option("--number", "-n", type=click.IntRange(min=1), default=48, show_default=True, help="Images.")
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), default=Path("sheet.png"), show_default=True
)
@json_option
def sheet(suite: str, split: str | None, number: int, out: Path, as_json: bool) -> None:
    """Write a contact sheet of a suite as PNG: whole subjects, eight images to a row."""
    from medbench.reports.sheet import write_sheet
    from medbench.stages.resolve import suite_of

    found = suite_of(suite)
    split = split or found.default_split
    shown = write_sheet(found, split, number, out)
    if as_json:
        print_json({"sheet": str(out), "suite": found.card.name, "split": split, "images": shown})
    else:
        click.echo(f"{out}: {shown} images of {found.card.name}/{split}")
