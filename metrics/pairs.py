"""Distances between all faces of two sets: the ground of matching, identification, verification."""

from __future__ import annotations

import numpy as np


def distance_matrix(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Euclidean distances (N, F) x (M, F) -> float64 (N, M); infinite where a face was not seen.

    An attacker without a face to compare accepts nothing: unseen is farther than everything.
    """
    a, b = np.asarray(left, dtype=float), np.asarray(right, dtype=float)
    lost = ~np.isfinite(a).all(axis=1)[:, None] | ~np.isfinite(b).all(axis=1)[None, :]
    a, b = np.nan_to_num(a), np.nan_to_num(b)
    squares = (a**2).sum(axis=1)[:, None] + (b**2).sum(axis=1)[None, :] - 2 * (a @ b.T)
    found = np.sqrt(np.maximum(squares, 0.0, out=squares), out=squares)
    found[lost] = np.inf
    return found


def threshold_at(impostor: np.ndarray, rate: float) -> float:
    """Largest threshold that accepts (distance <= threshold) at most ``rate`` of the impostors.

    Args:
        impostor: (P,) distances between different people.
        rate: False match rate, in (0, 1).

    Returns:
        The threshold, just below the first distance that would be one too many.
    """
    allowed = int(np.floor(rate * len(impostor) + 1e-9))
    if allowed >= len(impostor):
        return float("inf")
    first_too_many = np.partition(impostor, allowed)[allowed]
    return float(np.nextafter(first_too_many, -np.inf))
