"""Do the figures follow from the samples? Worked out again with the statistics of the run itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np

from medbench.comparison.comparable import comparables
from medbench.core import DISEASES, Estimate, Seen
from medbench.leaderboards.submissions.check import Check
from medbench.metrics.accuracy import accuracies
from medbench.metrics.statistics.estimating import mean_estimate
from medbench.metrics.statistics.resample import Resampler
from medbench.stages.resolve import metrics_of

if TYPE_CHECKING:
    import pandas as pd

    from medbench.metrics.metric import Metric
    from medbench.result import EstimateRow, Result

#: Metrics whose ``all`` is the mean of the classes -> their column of hits.
BY_CLASS = {
    "diagnosis_accuracy": "diagnosis_correct",
    "diagnosis_accuracy_untouched": "diagnosis_correct_untouched",
    "diagnosis_accuracy_restored": "diagnosis_correct_restored",
}
#: Machines round sums in different orders.
CLOSE = {"rtol": 1e-6, "atol": 1e-9}


def figures_follow(result: Result, table: pd.DataFrame) -> Check:
    """Compare every figure that rests on one value per sample: value, interval, n."""
    told = [row for row in result.estimates if row.reading == "excluded"]
    again = recomputed(result, table)
    wrong = [
        f"{row.metric} {row.group} is {_text(row)}; the samples give {_text(own)}"
        for row in told
        if (own := again.get((row.metric, row.group))) is not None and not _same(row, own)
    ]
    if wrong:
        more = f"; and {len(wrong) - 3} more" if len(wrong) > 3 else ""
        return Check("figures", False, "; ".join(wrong[:3]) + more)
    both = sum((row.metric, row.group) in again for row in told)
    if not both:
        return Check("figures", False, "no figure rests on a column of the samples")
    rest = sorted({row.metric for row in told if (row.metric, row.group) not in again})
    beyond = f"; pairs or several values per sample are behind the rest: {', '.join(rest)}" if rest else ""
    return Check("figures", True, f"{both} of {len(told)} figures worked out again{beyond}")


def recomputed(result: Result, table: pd.DataFrame) -> dict[tuple[str, str], Estimate]:
    """Figures by (metric, group) that the samples give, failed ones left out."""
    seen = Seen(tuple(table["id"]), table, {}, table["failed"].to_numpy(dtype=bool))
    resampler = Resampler((result.seed, result.suite.name, result.suite.split))
    told = {(row.metric, row.group): row for row in result.estimates if row.reading == "excluded"}
    asked = {row.metric for row in result.estimates}
    kinds = {kind.name: kind for kind in metrics_of(()) if kind.name in asked}
    found: dict[tuple[str, str], Estimate] = {}
    for metric, column in BY_CLASS.items():
        if metric in kinds and column in table and table["disease"].isin(DISEASES).all():
            hits = table[column].to_numpy(dtype=float)
            for row in accuracies(cast("Metric", kinds[metric]), hits, seen, resampler, "excluded"):
                found[metric, row.group] = row
    for one in comparables(map(str, table.columns), sorted(kinds)):
        place = one.metric, one.part or "all"
        if one.metric in BY_CLASS or place not in told:
            continue
        values = table[one.column].to_numpy(dtype=float)
        both = [
            mean_estimate(kinds[one.metric], place[1], values, seen, resampler, share=share)
            for share in (False, True)
        ]
        # Whether a mean is a share, only its metric knows; the kind of its interval tells.
        found[place] = next((own for own in both if own.interval == told[place].interval), both[0])
    return found


def _text(row: EstimateRow | Estimate) -> str:
    return f"{row.value:.6g} [{row.low:.6g}, {row.high:.6g}], n {row.n}, {row.interval}"


def _same(told: EstimateRow, own: Estimate) -> bool:
    if told.n != own.n or told.interval != own.interval:
        return False
    ends = [(told.value, own.value), (told.low, own.low), (told.high, own.high)]
    return all(np.isclose(a, b, equal_nan=True, **CLOSE) for a, b in ends)
