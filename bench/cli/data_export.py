"""medbench data export: a suite's pictures as a folder."""

from __future__ import annotations

from pathlib import Path

import click

from medbench.cli.command import Command
from medbench.cli.options import json_option, print_json


@click.command(
    "export",
    cls=Command,
    examples=["medbench data export --suite mema-mini --limit 16 --out pictures"],
)
@click.option("--suite", "-s", required=True, metavar="NAME|FOLDER")
@click.option("--split", metavar="NAME", help="Default: the suite's own.")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Whole subjects, at most N images.")
@click.option("--out", required=True, type=click.Path(path_type=Path, file_okay=False), metavar="DIR")
@json_option
def export(suite: str, split: str | None, limit: int | None, out: Path, as_json: bool) -> None:
    """Write a suite's pictures as PNG named by sample id, as medbench score reads them back.

    For methods that run elsewhere. The pictures have no metadata; labels are not written.
    """
    from medbench.cli.progress import console_progress
    from medbench.folders.export_suite import export_suite
    from medbench.stages.pick import limited
    from medbench.stages.resolve import suite_of

    found = suite_of(suite)
    split = split or found.default_split
    ids = list(limited(found.index(split), limit)["id"])
    with console_progress() as progress:
        written = export_suite(found, split, ids, out, progress)
    if as_json:
        print_json({"suite": found.card.name, "split": split, "pictures": written, "folder": str(out)})
    else:
        click.echo(f"{out}: {written} pictures of {found.card.name}/{split}")
