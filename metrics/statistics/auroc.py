"""Area under the ROC curve of scores, and its draws, from one sort."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from medbench.metrics.statistics.ratio_of_sums import divide

if TYPE_CHECKING:
    from medbench.metrics.statistics.clusters import Clusters
    from medbench.metrics.statistics.resample import Resampler

#: Weights handled at once: few enough to stay in a core's cache.
_CELLS = 1 << 16


def auroc_draws(
    scores: np.ndarray, positive: np.ndarray, clusters: Clusters, resampler: Resampler
) -> np.ndarray:
    """AUROC of the sample (first) and of every draw: (1 + D,).

    Both classes are sorted once. A draw's weights are whole numbers; they are summed along the
    negatives, and each positive reads there how much weight it beats; ties count half.

    Args:
        scores: (N,) finite, higher for the positive class.
        positive: (N,) bool.
        clusters: Whose each sample is.
        resampler: Draws the clusters.

    Returns:
        AUROCs in [0, 1]; NaN where a draw has no positive or no negative.
    """
    order = np.argsort(scores, kind="stable")
    positives, negatives = order[positive[order]], order[~positive[order]]
    below = np.searchsorted(scores[negatives], scores[positives], side="left")
    up_to = np.searchsorted(scores[negatives], scores[positives], side="right")
    places = clusters.codes[negatives], clusters.codes[positives]
    drawn = resampler.drawn(clusters.count)
    found = np.empty(1 + len(drawn))
    found[:1] = _areas(np.ones((1, clusters.count), dtype=np.uint16), places, below, up_to)
    rows = max(_CELLS // max(len(scores), 1), 1)
    for start in range(0, len(drawn), rows):
        block = drawn[start : start + rows]
        found[1 + start : 1 + start + len(block)] = _areas(block, places, below, up_to)
    return found


def _areas(
    counts: np.ndarray, places: tuple[np.ndarray, np.ndarray], below: np.ndarray, up_to: np.ndarray
) -> np.ndarray:
    negatives, positives = places
    beaten = np.zeros((len(counts), len(negatives) + 1), dtype=np.int32)
    np.cumsum(np.take(counts, negatives, axis=1), axis=1, out=beaten[:, 1:])
    weights = np.take(counts, positives, axis=1).astype(float)
    wins = np.take(beaten, below, axis=1) + np.take(beaten, up_to, axis=1)
    won = np.einsum("ij,ij->i", weights, wins) / 2
    return divide(won, weights.sum(axis=1) * beaten[:, -1])
