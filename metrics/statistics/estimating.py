"""From a value and its draws to an Estimate; means and ratios are settled in one call."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from medbench.core import Estimate
from medbench.metrics.statistics.clusters import clusters_of
from medbench.metrics.statistics.intervals import clopper_pearson, percentile
from medbench.metrics.statistics.ratio_of_sums import ratio_of_sums

if TYPE_CHECKING:
    from medbench.core import Seen
    from medbench.metrics.metric import Metric
    from medbench.metrics.statistics.clusters import Clusters
    from medbench.metrics.statistics.resample import Resampler

NOTHING = "none"


def settle(
    metric: Metric | type[Metric],
    group: str,
    value: float,
    draws: np.ndarray,
    *,
    n: int,
    clusters: Clusters,
    reading: str = "excluded",
    chance: float | None = None,
    share: bool = False,
) -> Estimate:
    """Give a value its 95 % interval.

    A ``share`` of exactly 0 or 1 has draws without spread: its interval is Clopper-Pearson's for
    that share of the clusters, and says so. Anything else without spread, or from fewer than two
    clusters, keeps its zero width and is flagged ``degenerate``; nothing scored gives NaN.
    """
    known = draws[np.isfinite(draws)]
    if n == 0 or not np.isfinite(value) or known.size == 0:
        low = high = value = float("nan")
        interval, degenerate = NOTHING, True
    elif share and value in (0.0, 1.0):
        low, high = clopper_pearson(value * clusters.count, clusters.count)
        interval, degenerate = f"clopper-pearson/{clusters.unit}", False
    else:
        low, high = percentile(known)
        interval, degenerate = (
            f"bootstrap-percentile/{clusters.unit}",
            clusters.count < 2 or high - low < 1e-12,
        )
    return Estimate(
        metric=metric.name,
        group=group,
        value=float(value),
        low=low,
        high=high,
        n=int(n),
        unit=metric.unit,
        interval=interval,
        reading=reading,
        chance=chance,
        degenerate=degenerate,
    )


def ratio_estimate(
    metric: Metric | type[Metric],
    group: str,
    numerator: np.ndarray,
    denominator: np.ndarray,
    seen: Seen,
    resampler: Resampler,
    *,
    n: int | None = None,
    reading: str = "excluded",
    chance: float | None = None,
    share: bool = False,
) -> Estimate:
    """Settle sum(numerator) / sum(denominator) over the samples (N,) with a positive denominator.

    Only subjects with such a sample are drawn; ``n`` counts the samples unless it is given.
    """
    keep = denominator > 0
    clusters = clusters_of(seen).take(keep)
    value, draws = ratio_of_sums(numerator[keep, None], denominator[keep, None], clusters, resampler)
    return settle(
        metric,
        group,
        float(value[0]),
        draws[:, 0],
        n=int(keep.sum()) if n is None else n,
        clusters=clusters,
        reading=reading,
        chance=chance,
        share=share,
    )


def mean_estimate(
    metric: Metric | type[Metric],
    group: str,
    values: np.ndarray,
    seen: Seen,
    resampler: Resampler,
    *,
    reading: str = "excluded",
    chance: float | None = None,
    share: bool = False,
) -> Estimate:
    """Settle the mean of (N,) values over the samples that are scored (not NaN)."""
    scored = np.isfinite(values)
    return ratio_estimate(
        metric,
        group,
        np.where(scored, values, 0.0),
        scored.astype(float),
        seen,
        resampler,
        reading=reading,
        chance=chance,
        share=share,
    )
