"""medbench leaderboard: the board as a static site."""

from __future__ import annotations

from pathlib import Path

import click

from medbench.cli.command import Group
from medbench.cli.leaderboard_overview import overview
from medbench.cli.leaderboard_ranks import ranks
from medbench.cli.options import json_option, print_json


@click.group(
    cls=Group,
    short_help="The board as a static site or one table, from result files; how firm ranks are.",
    examples=["medbench leaderboard build --out site", "medbench leaderboard overview"],
)
def leaderboard() -> None:
    """Build the board as pages, as one table, and say how firm its ranks are."""


@leaderboard.command(
    "build",
    short_help="Write the site into a folder.",
    examples=[
        "medbench leaderboard build",
        "medbench leaderboard build --results leaderboards/results --out site --no-faces",
    ],
)
@click.option(
    "--results",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Folder of results, <suite>/<method>.json, or of runs; by default those that come with medbench.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("site"),
    show_default=True,
    help="Folder for the site: empty, or an older site.",
)
@click.option("--faces/--no-faces", default=True, help="Sample sheets; drawn faces alone are ever shown.")
@json_option
def build(results: Path | None, out: Path, faces: bool, as_json: bool) -> int:
    """Write the site: open OUT/index.html, or put the folder on any page host."""
    from medbench.leaderboards.site.build import build_site
    from medbench.leaderboards.tables.measured import RESULTS

    tell = (lambda text: None) if as_json else (lambda text: click.echo(f"  {text}", err=True))
    built = build_site(results or RESULTS, out, faces, tell)
    if as_json:
        methods = {board.slug: [entry.slug for entry in board.entries] for board in built.boards}
        print_json(
            {
                "index": str(out / "index.html"),
                "files": built.files,
                "bytes": built.size,
                "boards": methods,
                "without_faces": built.without_faces,
            }
        )
        return 0
    for slug, why in built.without_faces.items():
        click.echo(f"{slug}: {why}", err=True)
    rows = sum(len(board.entries) for board in built.boards)
    click.echo(f"{out / 'index.html'}: {rows} rows, {built.files} files, {built.size / 1e6:.2f} MB")
    return 0


for _command in (overview, ranks):
    leaderboard.add_command(_command)
