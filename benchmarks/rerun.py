"""Run methods again from images, and compare with the committed rows: python -m benchmarks.rerun."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import click

from medbench.leaderboards.tables.measured import RESULTS
from medbench.reports.headlines import HEADLINES
from medbench.result import EstimateRow, Result

SUITE = "mema-mini"


def figures(result: Result) -> dict[tuple[str, str], EstimateRow]:
    """The board's figures of a result, failed images left out."""
    wanted = {(headline.metric, headline.group) for headline in HEADLINES}
    rows = ((row.metric, row.group, row) for row in result.estimates if row.reading == "excluded")
    return {(metric, group): row for metric, group, row in rows if (metric, group) in wanted}


def apart(committed: Result, again: Result) -> list[str]:
    """Figures whose intervals do not meet, but for rank-1, whose chance depends on the number of subjects."""
    before, after = figures(committed), figures(again)
    lines = []
    for key in sorted(before.keys() & after.keys() - {("rank1_identification", "all")}):
        old, new = before[key], after[key]
        if old.value == old.value and (new.low > old.high or new.high < old.low):
            lines.append(
                f"{key[0]} {key[1]}: {new.value:.4g} [{new.low:.4g}, {new.high:.4g}], "
                f"committed {old.value:.4g} [{old.low:.4g}, {old.high:.4g}]"
            )
    return lines


@click.command()
@click.option("--method", "methods", multiple=True, default=("untouched", "mosaic"), show_default=True)
@click.option("--limit", default=200, show_default=True, help="Images; whole subjects.")
def main(methods: tuple[str, ...], limit: int) -> None:
    """Exit 1 where a figure's interval does not meet the committed one."""
    faults = 0
    for method in methods:
        committed = Result.read(Path(str(RESULTS)) / SUITE / f"{method}.json")
        with tempfile.TemporaryDirectory() as out:
            words = ["run", "--method", method, "--suite", SUITE, "--limit", str(limit), "--out", out]
            subprocess.run([sys.executable, "-m", "medbench", *words], check=True, stdout=subprocess.DEVNULL)
            again = Result.read(next(Path(out).rglob("result.json")))
        lines = apart(committed, again)
        faults += len(lines)
        click.echo(f"{method}: {len(figures(again))} figures, {len(lines)} apart from the committed row")
        for line in lines:
            click.echo(f"  {line}")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
