"""Interval of a slow or biased statistic: clusters are left out in groups, not drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from medbench.metrics.statistics.clusters import Clusters

GROUPS = 20


def jackknife_interval(
    value: float,
    statistic: Callable[[np.ndarray], float],
    clusters: Clusters,
    generator: np.random.Generator,
    level: float = 0.95,
) -> tuple[float, float]:
    """Delete-a-group jackknife: value ± t · standard error from 20 groups of clusters.

    A bootstrap repeats samples, which by itself enlarges a distance between distributions.

    Args:
        value: The statistic of the whole sample.
        statistic: From the rows kept (bool (N,)) to the statistic.
        clusters: Whose each sample is; with fewer than 20 each is a group of its own.
        generator: Shuffles the clusters into groups.
        level: Coverage aimed at.

    Returns:
        Low and high; equal to the value with fewer than two clusters.

    Source: Kott 2001, the delete-a-group jackknife.
    """
    from scipy.special import stdtrit

    count = min(GROUPS, clusters.count)
    if count < 2:
        return value, value
    group_of = (generator.permutation(clusters.count) % count)[clusters.codes]
    left_out = np.array([statistic(group_of != group) for group in range(count)])
    spread = (count - 1) / count * ((left_out - left_out.mean()) ** 2).sum()
    half = float(stdtrit(count - 1, (1 + level) / 2) * np.sqrt(spread))
    return value - half, value + half
