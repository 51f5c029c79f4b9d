"""Ratios of sums over clusters: a resample of all of them is one matrix product."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from medbench.metrics.statistics.clusters import Clusters
    from medbench.metrics.statistics.resample import Resampler


def ratio_of_sums(
    numerator: np.ndarray, denominator: np.ndarray, clusters: Clusters, resampler: Resampler
) -> tuple[np.ndarray, np.ndarray]:
    """Value (K,) and draws (D, K) of sum(numerator) / sum(denominator).

    Args:
        numerator: (N, K), one row per sample, finite.
        denominator: (N, K), not negative.
        clusters: Whose each row is.
        resampler: Draws the clusters.

    Returns:
        The ratios, NaN where a denominator is zero (a resample may miss a rare class).
    """
    above, below = clusters.sums(numerator), clusters.sums(denominator)
    draws = resampler.sums(np.hstack([above, below]))
    kinds = above.shape[1]
    return divide(above.sum(axis=0), below.sum(axis=0)), divide(draws[:, :kinds], draws[:, kinds:])


def divide(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    """Quotient with NaN, and no warning, where ``below`` is zero."""
    return np.divide(above, below, out=np.full(np.shape(below), np.nan), where=np.asarray(below) > 0)
