"""Ranks that share what cannot be told apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from medbench.metrics.statistics.paired import holm, paired_difference

if TYPE_CHECKING:
    from collections.abc import Mapping

    from medbench.metrics.statistics.clusters import Clusters
    from medbench.metrics.statistics.resample import Resampler


def shared_ranks(
    samples: Mapping[str, np.ndarray],
    clusters: Clusters,
    resampler: Resampler,
    *,
    higher_is_better: bool,
    level: float = 0.95,
) -> dict[str, int]:
    """Rank methods by the mean of their per-sample values (N,), paired on the samples.

    A method's rank is one more than the number of methods that are better beyond doubt: paired
    difference with p below 1 - ``level`` after Holm's correction over all pairs. So ties share a
    rank, and a rank never depends on digits that the samples cannot carry.
    """
    names = list(samples)
    couples = [(a, b) for k, a in enumerate(names) for b in names[k + 1 :]]
    found = [paired_difference(samples[a], samples[b], clusters, resampler) for a, b in couples]
    adjusted = holm(np.array([np.nan_to_num(d.p, nan=1.0) for d in found]))
    ranks = dict.fromkeys(names, 1)
    for (first, second), difference, p in zip(couples, found, adjusted, strict=True):
        if p < 1 - level and difference.value != 0:
            ranks[second if (difference.value > 0) == higher_is_better else first] += 1
    return ranks
