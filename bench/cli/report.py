"""medbench report: finished runs as one HTML file."""

from __future__ import annotations

from pathlib import Path

import click

from medbench.cli.command import Command
from medbench.cli.options import json_option, print_json


@click.command(
    cls=Command,
    short_help="A finished run as one HTML file: figures, failures, plots.",
    examples=[
        "medbench report runs/mema-mini@1a2b3c4d5e/ours@6f7a8b9c0d",
        "medbench report runs --out report.html --with-images --suite path/to/photographs",
    ],
)
@click.argument("runs", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="RUN...")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("report.html"),
    show_default=True,
    help="The file to write.",
)
@click.option(
    "--with-images",
    is_flag=True,
    help="Show a few pictures before and after. Of patients only where you may: the file then holds them.",
)
@click.option("--suite", metavar="NAME|FOLDER", help="Where the pictures are; default: the run's own suite.")
@json_option
def report(runs: tuple[Path, ...], out: Path, with_images: bool, suite: str | None, as_json: bool) -> int:
    """Write the report of RUN, a run's folder or one that holds several, into one file that loads nothing."""
    from medbench.atomic import write_text
    from medbench.reports.run_report import run_report

    text = run_report(runs, with_images, suite)
    write_text(out, text)
    if as_json:
        print_json({"report": str(out), "bytes": len(text.encode()), "pictures": with_images})
    else:
        click.echo(f"{out}: {len(text.encode()) / 1e3:.0f} kB, {'with' if with_images else 'no'} pictures")
    return 0
