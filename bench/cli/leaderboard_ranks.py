"""medbench leaderboard ranks: how firm the order of the methods is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from medbench.cli.command import Command
from medbench.cli.options import json_option, print_json, print_rows

if TYPE_CHECKING:
    from medbench.comparison.standings import Ranking


@click.command(
    cls=Command,
    short_help="How firm the methods' ranks are: ties, and intervals from drawing subjects again.",
    examples=[
        "medbench leaderboard ranks runs",
        "medbench leaderboard ranks runs --metrics diagnosis_accuracy,tumour_dice --json",
    ],
)
@click.argument(
    "runs", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True), metavar="RUN..."
)
@click.option("--metrics", multiple=True, metavar="NAME", help="Only these; several by commas.")
@click.option("--all", "everything", is_flag=True, help="Every main figure, not those of the overview alone.")
@json_option
def ranks(runs: tuple[Path, ...], metrics: tuple[str, ...], everything: bool, as_json: bool) -> int:
    """Rank the methods of finished runs: RUN is a run's folder, or a folder that holds several.

    Methods that a paired test cannot tell apart share a rank. The interval holds the ranks of 95 %
    of the draws of subjects; tau is 1 where every draw ranks alike, about 0 where the order is luck.
    """
    from dataclasses import asdict

    from medbench.comparison.pairing import read_run
    from medbench.comparison.standings import rankings
    from medbench.reports.find import result_files_under
    from medbench.reports.overview import SHORT, named

    asked = tuple(part.strip() for text in metrics for part in text.split(",") if part.strip())
    asked = asked or (() if everything else tuple(SHORT))
    read = [read_run(file) for file in result_files_under(runs)]
    found = rankings([(named(result), result, samples) for result, samples in read], asked)
    if as_json:
        print_json([asdict(one) for one in found])
        return 0
    for one in found:
        _print(one)
    return 0


def _print(one: Ranking) -> None:
    from medbench.reports.figures import short

    arrow = {"higher": "↑", "lower": "↓"}[one.better]
    click.echo(f"\n{one.metric} {arrow}  (n {one.n}, tau {short(one.tau)})")
    shared = [place.rank for place in one.places]
    rows = [
        (
            f"{'=' if shared.count(place.rank) > 1 else ''}{place.rank}",
            place.method,
            short(place.mean),
            f"{place.low:g} to {place.high:g}",
            f"{100 * place.first:.0f} %",
        )
        for place in one.places
    ]
    print_rows(("rank", "method", "mean", "95 % of draws", "first"), rows)
