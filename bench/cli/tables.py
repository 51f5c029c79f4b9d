"""medbench tables: the papers' tables with measured figures beside the printed ones."""

from __future__ import annotations

from pathlib import Path

import click

from medbench.cli.command import Command
from medbench.cli.options import json_option, print_json

SUFFIXES = {".csv": "csv", ".tex": "latex", ".html": "html", ".htm": "html"}


@click.command(
    cls=Command,
    short_help="The papers' tables, measured figures beside the printed ones.",
    examples=[
        "medbench tables --paper mema --table 3",
        "medbench tables --paper rofi --format html --out rofi.html",
        "medbench tables --out docs/tables.md --check",
    ],
)
@click.option("--paper", type=click.Choice(["mema", "rofi"]), help="One paper alone.")
@click.option("--table", metavar="NAME", help="One table alone: 3, fig2b, stab10, abstract.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["md", "csv", "latex", "html"]),
    help="md, or what the ending of --out says.",
)
@click.option(
    "--results",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Folder of results, <suite>/<method>.json, or of runs; by default those that come with medbench.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write to a file; if it has marks `tables: begin` and `tables: end`, between them alone.",
)
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if --out holds anything else.")
@json_option
def tables(
    paper: str | None,
    table: str | None,
    form: str | None,
    results: Path | None,
    out: Path | None,
    check: bool,
    as_json: bool,
) -> int:
    """Print the tables of the two papers in their own layout.

    Each figure has a label: P published, R measured on the real suite, M measured on mema-mini.
    """
    from medbench.leaderboards.submissions.unchanged import changed_results
    from medbench.leaderboards.tables.build import as_data, build, placed, render
    from medbench.leaderboards.tables.measured import RESULTS

    if check and (out is None or as_json):
        raise click.UsageError("--check compares with a file: give --out FILE, and no --json")
    filled = build(paper, table, results or RESULTS)
    if as_json:
        print_json(as_data(filled))
        return 0
    ending = out.suffix.lower() if out else ""
    text = render(filled, form or SUFFIXES.get(ending, "md"))
    if out is None:
        click.echo(text, nl=False)
        return 0
    wanted = placed(text, out)
    if check:
        same = out.is_file() and out.read_text(encoding="utf-8") == wanted
        click.echo(f"{out}: {'as the results give it' if same else 'differs from what the results give'}")
        faults = changed_results(results or RESULTS)
        for fault in faults:
            click.echo(fault, err=True)
        return 0 if same and not faults else 1
    from medbench.atomic import write_text

    write_text(out, wanted)
    click.echo(f"{out}: {len(filled)} tables")
    return 0
