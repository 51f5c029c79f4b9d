"""How often do 95 % intervals hold the truth? Simulated suites, every interval of every figure.

    python -m benchmarks.coverage [--suites 2000] [--draws 1000] --keep pieces.csv [--out docs/coverage.md]

Works in pieces of 50 suites, each seeded by its own name. Pieces found in --keep are not made
again, so that a stopped run goes on; the page is written once all are there.
"""

from __future__ import annotations

import argparse
import itertools
import os
from collections import defaultdict
from pathlib import Path

os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}

import numpy as np
import pandas as pd

from benchmarks.coverage.intervals import all_intervals
from benchmarks.coverage.page import page
from benchmarks.coverage.worlds import TRUTH, draw, people
from medbench.metrics.statistics.resample import Resampler

PIECE = 50
SIZES = (129, 4578)
KEYS = ["n", "clustered", "piece"]


def piece(n: int, clustered: bool, number: int, suites: int, draws: int) -> pd.DataFrame:
    """Count for ``suites`` simulated suites how often each interval held, missed low, missed high."""
    names = ("coverage", str(n), str(clustered), str(number))
    resampler = Resampler(names, draws)
    rng = resampler.generator("worlds")
    clusters = people(n, clustered)
    drawn = [draw(clusters, rng) for _ in range(suites)]
    counts: dict[tuple[str, str], np.ndarray] = defaultdict(lambda: np.zeros(5))
    for figure, intervals in all_intervals(drawn, resampler):
        for kind, (low, high) in intervals.items():
            truth = TRUTH[figure]
            counts[figure, kind] += (1, low <= truth <= high, high < truth, low > truth, high - low)
    columns = ["suites", "held", "below", "above", "width"]
    rows = [(n, clustered, number, *key, *row) for key, row in counts.items()]
    return pd.DataFrame(rows, columns=[*KEYS, "figure", "interval", *columns])


def main() -> None:
    """Make the missing pieces, then the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--suites", type=int, default=2000)
    parser.add_argument("--draws", type=int, default=1000)
    parser.add_argument("--keep", type=Path, required=True, help="CSV of finished pieces, made or continued")
    parser.add_argument("--out", type=Path, help="page to write")
    asked = parser.parse_args()
    asked.keep.parent.mkdir(parents=True, exist_ok=True)
    done = set()
    if asked.keep.is_file():
        done = set(pd.read_csv(asked.keep)[KEYS].itertuples(index=False, name=None))
    numbers = range(-(-asked.suites // PIECE))
    for n, clustered, number in itertools.product(SIZES, (False, True), numbers):
        if (n, clustered, number) not in done:
            found = piece(n, clustered, number, min(PIECE, asked.suites - number * PIECE), asked.draws)
            found.to_csv(asked.keep, mode="a", header=not asked.keep.is_file(), index=False)
    text = page(pd.read_csv(asked.keep), asked.suites, asked.draws)
    if asked.out:
        asked.out.write_text(text, encoding="utf-8")
    else:
        print(text)


if __name__ == "__main__":
    main()
