"""Distances between all faces of two sets: the ground of matching, identification, verification."""

from __future__ import annotations

from dataclasses import dataclass

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
        impostor: (P,) distances between different people, sorted.
        rate: False match rate, in (0, 1).

    Returns:
        The threshold, just below the first distance that would be one too many.
    """
    allowed = int(np.floor(rate * len(impostor) + 1e-9))
    if allowed >= len(impostor):
        return float("inf")
    return float(np.nextafter(impostor[allowed], -np.inf))


@dataclass(frozen=True)
class Pairs:
    """All pairs of different images in two embeddings of the same n images, subject by subject.

    ``distances`` is (n, n), left by right, with the images sorted by subject; subject s holds the
    rows from ``starts[s]`` to ``starts[s + 1]``. A pair counts once, or both ways round where the
    two sides are different sets.
    """

    distances: np.ndarray
    starts: np.ndarray
    both_ways: bool

    @property
    def subjects(self) -> int:
        """How many subjects there are."""
        return len(self.starts) - 1

    def genuine(self, subject: int, cells: np.ndarray) -> np.ndarray:
        """Entries (G,) of the pairs within a subject, picked from an (n, n) matrix like ``distances``."""
        start, stop = self.starts[subject : subject + 2]
        upper = np.triu_indices(stop - start, k=1)
        return np.concatenate([m[start:stop, start:stop][upper] for m in self._ways(cells)])

    def impostor(self, subject: int, cells: np.ndarray) -> np.ndarray:
        """Entries (R, later images) of the pairs of a subject with all later subjects."""
        start, stop = self.starts[subject : subject + 2]
        return np.concatenate([m[start:stop, stop:] for m in self._ways(cells)])

    def all_sorted(self) -> tuple[np.ndarray, np.ndarray]:
        """Sorted distances of all genuine and all impostor pairs."""
        none = np.empty(0)
        genuine = [self.genuine(subject, self.distances) for subject in range(self.subjects)]
        impostor = [self.impostor(subject, self.distances).ravel() for subject in range(self.subjects)]
        return np.sort(np.concatenate([none, *genuine])), np.sort(np.concatenate([none, *impostor]))

    def _ways(self, cells: np.ndarray) -> tuple[np.ndarray, ...]:
        return (cells, cells.T) if self.both_ways else (cells,)


def pairs_of(left: np.ndarray, right: np.ndarray, subjects: np.ndarray) -> Pairs:
    """Pair (n, F) embeddings ``left`` and ``right`` of the same images; ``subjects`` (n,) are codes."""
    order = np.argsort(subjects, kind="stable")
    near = distance_matrix(left[order], right[order])
    starts = np.concatenate([[0], np.cumsum(np.bincount(subjects))])
    return Pairs(near, starts, both_ways=left is not right)
