"""medbench leaderboard overview: every method of a suite in one table, and the papers' order."""

from __future__ import annotations

from pathlib import Path

import click

from medbench.cli.command import Command
from medbench.cli.options import json_option, print_json


@click.command(
    cls=Command,
    short_help="Every method in one table, and whether the papers' order holds.",
    examples=[
        "medbench leaderboard overview",
        "medbench leaderboard overview --suite mema-mini --out docs/results-all.md --check",
    ],
)
@click.option("--suite", "-s", default="mema-mini", show_default=True, metavar="NAME")
@click.option(
    "--results",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Folder of results, or of runs; by default those that come with medbench.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write a page; of one that is there, what stands between its marks alone.",
)
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if --out holds anything else.")
@json_option
def overview(suite: str, results: Path | None, out: Path | None, check: bool, as_json: bool) -> int:
    """Show the results of a suite in one table, a row per method, and each claim of the papers."""
    from dataclasses import asdict

    from medbench.atomic import write_text
    from medbench.leaderboards.overview.page import BEGIN, END, page_head, page_text, suite_overview
    from medbench.leaderboards.overview.story import claims
    from medbench.leaderboards.tables.build import placed
    from medbench.leaderboards.tables.measured import RESULTS
    from medbench.reports.overview import plain_rows

    if check and (out is None or as_json):
        raise click.UsageError("--check compares with a file: give --out FILE, and no --json")
    found = suite_overview(results or RESULTS, suite)
    if as_json:
        print_json({"rows": plain_rows(found), "claims": [asdict(one) for one in claims(found.results)]})
        return 0
    text = page_text(found)
    if out is None:
        click.echo(text)
        return 0
    if not out.is_file() and not check:
        write_text(out, page_head(suite))
    wanted = placed(text, out, BEGIN, END)
    if check:
        same = out.is_file() and out.read_text(encoding="utf-8") == wanted
        click.echo(f"{out}: {'as the results give it' if same else 'differs from what the results give'}")
        return 0 if same else 1
    write_text(out, wanted)
    click.echo(f"{out}: {len(found.results)} methods, {len(found.absent)} without a row")
    return 0
