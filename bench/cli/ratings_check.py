"""medbench ratings check: are filled sheets whole and well written?"""

from __future__ import annotations

from pathlib import Path

import click

from medbench.cli.command import Command
from medbench.cli.options import json_option, print_json


@click.command(
    cls=Command,
    short_help="Check filled sheets; every fault with its row and column.",
    examples=["medbench ratings check study", "medbench ratings check study returned/*.xlsx"],
)
@click.argument("study", type=click.Path(path_type=Path, file_okay=False))
@click.argument("sheets", nargs=-1, type=click.Path(path_type=Path), metavar="[SHEET]...")
@json_option
@click.pass_context
def check(ctx: click.Context, study: Path, sheets: tuple[Path, ...], as_json: bool) -> None:
    """Check the filled sheets of STUDY (or SHEETs elsewhere); exit 1 where one is faulty.

    The key is not needed, so whoever checks stays blinded. Refused: unknown grades, readings that are
    missing or there twice, mixed encodings, Excel dates, formulas.
    """
    from medbench.ratings.collect import from_study

    checked = from_study(study, sheets).checked
    if as_json:
        rows = [
            {"file": str(p.file), "row": p.row, "column": p.column, "problem": p.text}
            for p in checked.problems
        ]
        print_json({"readings": len(checked.grades), "problems": rows})
    else:
        for problem in checked.problems:
            click.echo(str(problem))
        click.echo(f"{len(checked.grades)} readings, {len(checked.problems)} problems")
    if checked.problems:
        ctx.exit(1)
