"""From a value to an Estimate with its interval; means and ratios are settled in one call."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from medbench.core import Estimate
from medbench.metrics.statistics.clusters import clusters_of
from medbench.metrics.statistics.intervals import clopper_pearson, percentile
from medbench.metrics.statistics.ratio_of_sums import divide
from medbench.metrics.statistics.ready import Interval, ratio_interval, ratio_share

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
    ready: Interval | None = None,
) -> Estimate:
    """Give a value its 95 % interval: ``ready``, or the percentiles of its draws.

    A ``share`` of exactly 0 or 1 has draws without spread: its interval is Clopper-Pearson's for
    that share of the clusters, and says so. Anything else without spread, or from fewer than two
    clusters, keeps its zero width and is flagged ``degenerate``; nothing scored gives NaN.
    """
    degenerate = False
    if n == 0 or not np.isfinite(value) or (ready is None and not np.isfinite(draws).any()):
        value, degenerate = float("nan"), True
        found = Interval(NOTHING, value, value)
    elif share and value in (0.0, 1.0):
        ends = clopper_pearson(value * clusters.count, clusters.count)
        found = Interval(f"clopper-pearson/{clusters.unit}", *ends)
    else:
        found = ready or Interval("bootstrap-percentile", *percentile(draws[np.isfinite(draws)]))
        found = Interval(f"{found.kind}/{clusters.unit}", found.low, found.high).within(metric.range)
        degenerate = clusters.count < 2 or found.high - found.low < 1e-12
    return Estimate(
        metric=metric.name,
        group=group,
        value=float(value),
        low=found.low,
        high=found.high,
        n=int(n),
        unit=metric.unit,
        interval=found.kind,
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

    Only subjects with such a sample are drawn; ``n`` counts the samples unless it is given. A
    ``share`` has Student's interval on the logit scale, any other ratio the bootstrap-t.
    """
    keep = denominator > 0
    clusters = clusters_of(seen).take(keep)
    above, below = clusters.sums(np.stack([numerator[keep], denominator[keep]], axis=1)).T
    value = float(divide(above.sum(), below.sum()))
    ready = Interval("bootstrap-t", value, value)
    if clusters.count > 1:
        ready = ratio_share(above, below) if share else ratio_interval(above, below, resampler)
    return settle(
        metric,
        group,
        value,
        np.empty(0),
        n=int(keep.sum()) if n is None else n,
        clusters=clusters,
        reading=reading,
        chance=chance,
        share=share,
        ready=ready,
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
