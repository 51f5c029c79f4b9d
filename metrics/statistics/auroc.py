"""Area under the ROC curve of scores, and its draws, from one sort."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from medbench.metrics.statistics.ratio_of_sums import divide

if TYPE_CHECKING:
    from medbench.metrics.statistics.clusters import Clusters
    from medbench.metrics.statistics.resample import Resampler

_CELLS = 4_000_000


def auroc_draws(
    scores: np.ndarray, positive: np.ndarray, clusters: Clusters, resampler: Resampler
) -> np.ndarray:
    """AUROC of the sample (first) and of every draw: (1 + D,).

    The negatives are sorted once. A draw's weights are summed along them, and each positive reads
    there how much weight it beats; ties count half.

    Args:
        scores: (N,) finite, higher for the positive class.
        positive: (N,) bool.
        clusters: Whose each sample is.
        resampler: Draws the clusters.

    Returns:
        AUROCs in [0, 1]; NaN where a draw has no positive or no negative.
    """
    counts = np.vstack([np.ones(clusters.count), resampler.counts(clusters.count)])
    negatives = np.flatnonzero(~positive)[np.argsort(scores[~positive], kind="stable")]
    below = np.searchsorted(scores[negatives], scores[positive], side="left")
    up_to = np.searchsorted(scores[negatives], scores[positive], side="right")
    found = np.empty(len(counts))
    rows = max(_CELLS // max(len(scores), 1), 1)
    for start in range(0, len(counts), rows):
        block = counts[start : start + rows]
        beaten = np.zeros((len(block), len(negatives) + 1))
        np.cumsum(block[:, clusters.codes[negatives]], axis=1, out=beaten[:, 1:])
        weights = block[:, clusters.codes[positive]]
        won = (weights * (beaten[:, below] + beaten[:, up_to])).sum(axis=1) / 2
        found[start : start + rows] = divide(won, weights.sum(axis=1) * beaten[:, -1])
    return found
