"""DeLong's variance of AUROCs, also where subjects have several images, and his paired test."""

from __future__ import annotations

import numpy as np


def placements(scores: np.ndarray, positive: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Share of the other kind that each sample beats; ties count half.

    Args:
        scores: (N,) finite, higher for the positive class.
        positive: (N,) bool, both kinds present.

    Returns:
        (P,) of the positives, how many negatives lie below; (Q,) of the negatives, how many
        positives lie above. Both average to the AUROC.
    """
    above, below = np.sort(scores[positive]), np.sort(scores[~positive])
    return _beaten(scores[positive], below), 1.0 - _beaten(scores[~positive], above)


def _beaten(values: np.ndarray, others: np.ndarray) -> np.ndarray:
    left = np.searchsorted(others, values, side="left")
    return (left + np.searchsorted(others, values, side="right")) / (2 * len(others))


def delong(scores: np.ndarray, positive: np.ndarray, codes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """AUROCs of several readers of the same samples, and their covariance.

    Args:
        scores: (R, N) finite, a row per reader.
        positive: (N,) bool.
        codes: (N,) whose each sample is, in [0, S). All different is DeLong's case.

    Returns:
        Areas (R,) and covariance (R, R); NaN where either kind has fewer than two subjects.

    Source: DeLong, DeLong and Clarke-Pearson 1988; for subjects with several images Obuchowski 1997.
    """
    positive = np.asarray(positive, dtype=bool)
    size = int(codes.max()) + 1 if len(codes) else 0
    owners = codes[positive], codes[~positive]
    counts = [np.bincount(owner, minlength=size) for owner in owners]
    subjects = [int((count > 0).sum()) for count in counts]
    if min(subjects) < 2:
        return np.full(len(scores), np.nan), np.full((len(scores), len(scores)), np.nan)
    areas, parts = np.empty(len(scores)), np.empty((2, len(scores), size))
    for row, values in enumerate(scores):
        placed = placements(np.asarray(values, dtype=float), positive)
        areas[row] = placed[0].mean()
        for kind in range(2):
            sums = np.bincount(owners[kind], placed[kind], minlength=size)
            parts[kind, row] = sums - counts[kind] * areas[row]
    m, n = (int(count.sum()) for count in counts)
    first, second = (s / (s - 1) for s in subjects)
    everyone = int((counts[0] + counts[1] > 0).sum())
    both = everyone / (everyone - 1) * (parts[0] @ parts[1].T) / (m * n)
    covariance = first * parts[0] @ parts[0].T / m**2 + second * parts[1] @ parts[1].T / n**2
    return areas, covariance + both + both.T


def wald(value: float, variance: float, level: float = 0.95) -> tuple[float, float]:
    """Interval value ± z sqrt(variance), cut off at 0 and 1."""
    from scipy.special import ndtri

    half = float(ndtri((1 + level) / 2)) * float(np.sqrt(max(variance, 0.0)))
    return max(0.0, value - half), min(1.0, value + half)


def delong_test(areas: np.ndarray, covariance: np.ndarray) -> tuple[float, float]:
    """Difference of the first two areas of :func:`delong`, and its two-sided p."""
    from scipy.special import ndtr

    apart = float(areas[0] - areas[1])
    variance = float(covariance[0, 0] + covariance[1, 1] - 2 * covariance[0, 1])
    if variance <= 0:
        return apart, 1.0 if apart == 0 else 0.0
    return apart, float(2 * ndtr(-abs(apart) / np.sqrt(variance)))
