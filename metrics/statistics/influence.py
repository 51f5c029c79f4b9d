"""What each cluster adds to a figure's error: influences, whose spread is a standard error.

A smooth figure moves by the sum of the influences of the clusters drawn. So their squares give
the variance (the infinitesimal jackknife, which is the sandwich of surveys and, for AUROC,
DeLong's and Obuchowski's), and their cubes give BCa its acceleration. No draw is needed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from medbench.metrics.statistics.agreement import Weighting, disagreement
from medbench.metrics.statistics.delong import placements
from medbench.metrics.statistics.ratio_of_sums import divide

if TYPE_CHECKING:
    from medbench.metrics.statistics.clusters import Clusters


def standard_error(influences: np.ndarray, weights: np.ndarray | None = None) -> np.ndarray:
    """Standard error (...) of a figure with influences (..., S) of S clusters drawn ``weights`` times.

    NaN for fewer than two clusters.
    """
    count = influences.shape[-1]
    squares = influences**2 if weights is None else influences**2 * weights
    factor = count / (count - 1) if count > 1 else np.nan
    return np.sqrt(squares.sum(axis=-1) * factor)


def of_ratio(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    """Influences (..., S) on sum(above) / sum(below) of cluster sums (..., S)."""
    total = below.sum(axis=-1, keepdims=True)
    return divide(above - divide(above.sum(axis=-1, keepdims=True), total) * below, total + 0 * below)


def kappa_slopes(confusion: np.ndarray, weighting: Weighting = None) -> np.ndarray:
    """How kappa moves with each cell: (..., K, K) derivatives at tables (..., K, K) of counts.

    A table's own sum over them is 0, so a cluster's influence is the sum over its own counts.
    For independent images the squares give Fleiss, Cohen and Everitt's standard error (1969).
    """
    confusion = np.asarray(confusion, dtype=float)
    cost = disagreement(confusion.shape[-1], weighting)
    first, second = confusion.sum(axis=-1), confusion.sum(axis=-2)
    count = first.sum(axis=-1)[..., None, None]
    seen = (confusion * cost).sum(axis=(-2, -1))[..., None, None]
    of_first, of_second = second @ cost.T, first @ cost
    expected = (first * of_first).sum(axis=-1)[..., None, None]
    gain = seen * count * (of_first[..., :, None] + of_second[..., None, :])
    wide = np.broadcast_to(expected, confusion.shape)
    return divide(divide(gain, wide) - (cost * count + seen), wide)


def of_auroc(scores: np.ndarray, positive: np.ndarray, clusters: Clusters) -> np.ndarray:
    """Influences (S,) on the AUROC of scores (N,), higher for ``positive`` (N,) bool; ties count half.

    Source: DeLong et al. 1988; Obuchowski 1997 for clusters.
    """
    positive = np.asarray(positive, dtype=bool)
    own = np.full(len(scores), np.nan)
    if positive.any() and not positive.all():
        for kind, placed in zip((positive, ~positive), placements(scores, positive), strict=True):
            own[kind] = (placed - placed.mean()) / kind.sum()
    return np.bincount(clusters.codes, own, minlength=clusters.count)
