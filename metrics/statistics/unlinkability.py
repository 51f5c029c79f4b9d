"""D_sys: how far the distances of one person's pictures lie from those of two people, 0 to 1.

Source: Gomez-Barrero, Galbally, Rathgeb and Busch, "General framework to evaluate unlinkability in
biometric template protection systems", IEEE TIFS 13(6), 2018, with equal priors (omega = 1). At a
distance d with densities m(d) of mated and s(d) of non-mated pairs the local measure is
D(d) = 2 LR / (1 + LR) - 1 = (m - s) / (m + s) where LR = m / s exceeds 1, and 0 elsewhere;
D_sys is its mean over the mated pairs. 0: fully unlinkable, 1: fully linkable.
"""

from __future__ import annotations

import numpy as np

from medbench.metrics.statistics.ratio_of_sums import divide


def d_sys(mated: np.ndarray, non_mated: np.ndarray) -> np.ndarray:
    """D_sys of shares per bin.

    Args:
        mated: (..., B) share of the mated pairs in each bin of the distance, rows that sum to 1.
        non_mated: (..., B) the same of the non-mated pairs.

    Returns:
        (...,) in [0, 1].
    """
    local = np.nan_to_num(divide(mated - non_mated, mated + non_mated)).clip(min=0)
    return (mated * local).sum(axis=-1)


def linkability_edges(mated: np.ndarray, non_mated: np.ndarray, bins: int = 20) -> np.ndarray:
    """Upper edges of at most ``bins`` bins that hold equal shares of both kinds together.

    Few and full bins: with bins of few pairs, chance alone makes D_sys positive.

    Args:
        mated: (G,) sorted distances; infinite where a face was not seen.
        non_mated: (P,) sorted distances.
        bins: How many at most; ties make them fewer.
    """
    levels = np.linspace(0, 1, bins + 1)[1:-1]
    grid = np.unique(np.concatenate([_at(mated, levels), _at(non_mated, levels)]))
    share = (_below(mated, grid) + _below(non_mated, grid)) / 2
    picks = np.unique(np.searchsorted(share, levels).clip(max=len(grid) - 1))
    return np.append(grid[picks][np.isfinite(grid[picks])], np.inf)


def shares(distances: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """Share of the distances in each bin: (B,) for upper edges (B,), the last infinite."""
    bins = np.searchsorted(edges, distances)
    return np.bincount(bins, minlength=len(edges)) / max(len(distances), 1)


def _at(sorted_values: np.ndarray, levels: np.ndarray) -> np.ndarray:
    return sorted_values[(levels * (len(sorted_values) - 1)).astype(int)]


def _below(sorted_values: np.ndarray, grid: np.ndarray) -> np.ndarray:
    return np.asarray(np.searchsorted(sorted_values, grid, side="right") / len(sorted_values))
