"""A distance between the protected and the original images as two sets, with its interval."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from medbench.core import Estimate
from medbench.metrics.readings import readings
from medbench.metrics.statistics.clusters import clusters_of
from medbench.metrics.statistics.jackknife import jackknife_interval

if TYPE_CHECKING:
    from collections.abc import Callable

    from medbench.core import Seen
    from medbench.metrics.metric import Metric
    from medbench.metrics.statistics.resample import Resampler

_FEWEST = 3


def set_distance(
    metric: Metric, distance: Callable[[np.ndarray, np.ndarray], float], seen: Seen, resampler: Resampler
) -> list[Estimate]:
    """Distance between the metric's first column (originals) and its second (protected images).

    Images that were not protected, or that an evaluator could not see in both roles, are left out;
    nothing is said of fewer than three. The interval is the jackknife's over groups of subjects.

    Args:
        metric: Its ``needs`` begin with the two columns.
        distance: Of two samples (n, ...) of the same images.
        seen: All that was seen.
        resampler: Shuffles the subjects into groups.
    """
    left = np.asarray(seen.column(metric.needs[0]), dtype=float)
    first = readings(seen)[0]
    right = first.column(metric.needs[1])
    keep = first.keep & _known(left) & _known(right)
    if keep.sum() < _FEWEST:
        return []
    left, right, clusters = left[keep], right[keep], clusters_of(seen).take(keep)
    value = distance(left, right)
    low, high = jackknife_interval(
        value,
        lambda rows: distance(left[rows], right[rows]),
        clusters,
        resampler.generator("jackknife", str(clusters.count)),
    )
    return [
        Estimate(
            metric=metric.name,
            group="all",
            value=value,
            low=max(low, metric.range[0]),
            high=min(high, metric.range[1]),
            n=int(keep.sum()),
            unit=metric.unit,
            interval=f"jackknife/{clusters.unit}",
            degenerate=clusters.count < 2 or high - low < 1e-12,
        )
    ]


def _known(values: np.ndarray) -> np.ndarray:
    return np.isfinite(values.reshape(len(values), -1)).all(axis=1)
