"""medbench submit: a finished run as a row of the board."""

from __future__ import annotations

from pathlib import Path

import click

from medbench.cli.command import Command
from medbench.cli.options import json_option, print_json


@click.command(
    cls=Command,
    short_help="Write a finished run as a row of the board.",
    examples=[
        "medbench submit runs/mema-mini@1a2b3c4d5e/my-method@6f7a8b9c0d --with-samples",
        "medbench submit runs --method my-method --out leaderboards/results",
    ],
)
@click.argument("run", type=click.Path(path_type=Path), metavar="RUN")
@click.option("--method", metavar="NAME", help="Which run, where RUN holds those of several methods.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("leaderboards/results"),
    show_default=True,
    help="The board's results.",
)
@click.option(
    "--with-samples",
    is_flag=True,
    help="Per-sample values too, so that reviewers can work the figures out; synthetic suites only.",
)
@json_option
def submit(run: Path, method: str | None, out: Path, with_samples: bool, as_json: bool) -> int:
    """Write OUT/<suite>/<method>.json and the method's card, ready for a pull request."""
    from medbench.leaderboards.submissions.find_run import run_of
    from medbench.leaderboards.submissions.write import submit as write

    done = write(run_of(run, method), out, with_samples)
    if as_json:
        print_json({"files": [str(file) for file in done.files], "notes": list(done.notes)})
        return 0
    for file in done.files:
        click.echo(file)
    for note in done.notes:
        click.echo(f"note: {note}")
    click.echo(f"next: medbench verify-submission {done.place.result}")
    return 0
