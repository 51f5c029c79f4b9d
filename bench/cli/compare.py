"""medbench compare: two runs on the same samples."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from medbench.cli.command import Command
from medbench.cli.options import json_option, print_json, print_rows

if TYPE_CHECKING:
    from medbench.comparison.compare import Comparison, Line

SHOWN = 10


@click.command(
    cls=Command,
    short_help="Two methods on the same samples: differences, p-values, flips.",
    examples=[
        "medbench compare runs/mema-mini@1a2b3c4d5e/ours@6f7a8b runs/mema-mini@1a2b3c4d5e/blur@0d1e2f",
        "medbench compare A B --all --plot forest.svg",
    ],
)
@click.argument("first", type=click.Path(path_type=Path), metavar="A")
@click.argument("second", type=click.Path(path_type=Path), metavar="B")
@click.option("--all", "everything", is_flag=True, help="Regions and components too.")
@click.option("--flips", is_flag=True, help=f"Every sample that flips, not the first {SHOWN}.")
@click.option("--plot", type=click.Path(path_type=Path, dir_okay=False), help="Write a forest plot as SVG.")
@json_option
def compare(
    first: Path, second: Path, everything: bool, flips: bool, plot: Path | None, as_json: bool
) -> None:
    """Compare two runs sample by sample; A and B are run folders or their result.json.

    Differences are A minus B with 95 % intervals, subjects resampled; p-values come from swapping
    the methods subject by subject, and are corrected by Holm's rule for being several.
    """
    from medbench.comparison.compare import compare as compare_runs
    from medbench.comparison.pairing import pair_runs

    found = compare_runs(pair_runs(first, second), everything)
    if plot:
        from medbench.reports.forest_svg import write_forest

        write_forest(found, plot)
    if as_json:
        print_json(_document(found))
    else:
        _print(found, None if flips else SHOWN)
        if plot:
            click.echo(f"forest plot: {plot}")


def _document(found: Comparison) -> dict[str, Any]:
    from medbench.reports.comparing import names_of, plain

    a, b = names_of(found)
    return {
        "first": a,
        "second": b,
        "suite": found.pair.first.suite.model_dump(mode="json"),
        "resampled": found.clusters.unit,
        "notes": list(found.pair.notes),
        "differences": [plain(line) for line in found.lines],
        "flips": [
            {"name": f.name, "only_first": f.only_first, "only_second": f.only_second} for f in found.flips
        ],
        "not_paired": list(found.unpaired),
    }


def _print(found: Comparison, most: int | None) -> None:
    from medbench.reports.board import caption
    from medbench.reports.comparing import names_of
    from medbench.reports.forest import WIDTH, forest_line

    a, b = names_of(found)
    click.echo(f"A = {a}\nB = {b}\n{caption(found.pair.first)}\n")
    titles = (
        "A - B on the same samples",
        "A",
        "B",
        "difference",
        "95 % interval",
        "p",
        "p Holm",
        "detectable",
        "n",
        "better",
    )
    print_rows(titles, [_cells(line) for line in found.lines])
    widest = max(len(line.name) for line in found.lines)
    ends = ("B better", "A better")
    head = ends[0] + "A better".rjust(WIDTH - len(ends[0]))
    click.echo(f"\n{'':{widest}}  {head}")
    for line in found.lines:
        drawn = forest_line(line.difference, line.low, line.high, mirrored=line.better == "lower")
        note = "  (neither is better)" if line.better == "neither" else ""
        click.echo(f"{line.name:{widest}}  {drawn}{note}".rstrip())
    _print_flips(found, most)
    for note in (*found.pair.notes, *_too_few(found)):
        click.echo(f"note: {note}")
    if found.unpaired:
        click.echo(f"not compared, for want of a value per sample: {', '.join(found.unpaired)}")


def _too_few(found: Comparison) -> list[str]:
    if found.least_p * len(found.lines) < 0.05:
        return []
    count, unit = found.clusters.count, found.clusters.unit
    return [f"with {count} {unit}s no p-value falls below {found.least_p:.2g}: too few to tell methods apart"]


def _cells(line: Line) -> tuple[str, ...]:
    from math import isnan

    from medbench.reports.comparing import p_text
    from medbench.reports.figures import short

    better = {"first": "A", "second": "B", "": "-"}[line.favours]
    figures = (short(line.first), short(line.second), f"{line.difference:+.4g}")
    interval = f"[{short(line.low)}, {short(line.high)}]"
    flag = " (no variation)" if line.degenerate else ""
    tested = (p_text(line.p), p_text(line.p_holm), "–" if isnan(line.detectable) else short(line.detectable))
    return (line.name, *figures, interval, *tested, str(line.n), better + flag)


def _print_flips(found: Comparison, most: int | None) -> None:
    for flips in found.flips:
        if not flips.only_first and not flips.only_second:
            continue
        click.echo(f"\n{flips.name}: yes with one of them only")
        for who, ids in (("A", flips.only_first), ("B", flips.only_second)):
            shown = ids[:most]
            more = f" … and {len(ids) - len(shown)} more (--flips)" if len(ids) > len(shown) else ""
            click.echo(f"  only {who}: {len(ids)}  {' '.join(shown)}{more}".rstrip())
