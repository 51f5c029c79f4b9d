"""Difference of two methods in the mean of the classes' means, paired on the samples."""

from __future__ import annotations

import numpy as np

from medbench.metrics.statistics.clusters import Clusters
from medbench.metrics.statistics.intervals import percentile
from medbench.metrics.statistics.paired import Difference, swap_test
from medbench.metrics.statistics.ratio_of_sums import divide, ratio_of_sums
from medbench.metrics.statistics.resample import Resampler


def macro_difference(
    first: np.ndarray, second: np.ndarray, classes: np.ndarray, clusters: Clusters, resampler: Resampler
) -> Difference:
    """Macro mean of ``first`` minus that of ``second`` (N,), over the samples scored in both.

    Args:
        first: (N,) hits of one method, NaN where not scored.
        second: (N,) hits of the other.
        classes: (N,) name of each sample's class.
        clusters: whose each sample is; they are resampled, and swapped for the p-value.
        resampler: its draws are shared by all metrics.

    Returns:
        The difference; a draw that misses a class gives the mean of the others.

    """
    both = np.isfinite(first) & np.isfinite(second)
    if not both.any():
        nan = float("nan")
        return Difference(nan, nan, nan, nan, 0, True)
    apart, of_both = (first - second)[both], clusters.take(both)
    names = np.unique(classes[both])
    member = (classes[both][:, None] == names[None, :]).astype(float)
    value, draws = ratio_of_sums(apart[:, None] * member, member, of_both, resampler)
    known = np.isfinite(draws)
    means = divide(np.where(known, draws, 0.0).sum(axis=1), known.sum(axis=1).astype(float))
    low, high = percentile(means)
    weights = (member / member.sum(axis=0)).sum(axis=1) / len(names)
    p = swap_test(of_both.sums((apart * weights)[:, None])[:, 0], resampler)
    degenerate = of_both.count < 2 or high - low < 1e-12
    return Difference(float(value.mean()), low, high, p, len(apart), degenerate)
