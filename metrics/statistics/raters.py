"""Agreement of many graders: Fleiss' kappa, Krippendorff's alpha, and the vote of the majority."""

from __future__ import annotations

from typing import Literal

import numpy as np

from medbench.metrics.statistics.ratio_of_sums import divide

Level = Literal["nominal", "ordinal", "interval"]


def votes(readings: np.ndarray, classes: int) -> np.ndarray:
    """How many graders gave each class: readings (N, R) of codes, -1 where none -> (N, classes)."""
    given = readings >= 0
    rows = np.broadcast_to(np.arange(len(readings))[:, None], readings.shape)
    cells = rows[given] * classes + readings[given]
    return np.bincount(cells, minlength=len(readings) * classes).reshape(-1, classes).astype(float)


def majority(readings: np.ndarray, classes: int, probabilities: np.ndarray | None = None) -> np.ndarray:
    """The class that most graders gave: (N,); -1 where nobody graded or the first place is shared.

    Args:
        readings: (N, R) codes, -1 where a grader gave none.
        classes: How many classes there are.
        probabilities: (N, classes) that settle a shared first place; the highest of them wins.
    """
    counted = votes(readings, classes)
    best = counted.max(axis=1, initial=0.0)
    first = (counted == best[:, None]) & (best > 0)[:, None]
    if probabilities is not None:
        ranked = np.where(first, probabilities, -np.inf)
        return np.where(first.any(axis=1), ranked.argmax(axis=1), -1)
    return np.where(first.sum(axis=1) == 1, counted.argmax(axis=1), -1)


def fleiss_kappa(counted: np.ndarray) -> float:
    """Fleiss' kappa of (N, K) votes, the same number of graders (2 or more) in every row.

    NaN where chance alone explains full agreement. Raises ValueError where the rows differ.

    Example:
        >>> round(fleiss_kappa(np.array([[3, 0], [0, 3], [2, 1]])), 9)
        0.55

    Source: Fleiss 1971.
    """
    counted = np.asarray(counted, dtype=float)
    graders = counted.sum(axis=1)
    if not len(counted) or graders.min() != graders.max() or graders[0] < 2:
        raise ValueError(
            "Fleiss' kappa wants the same number of graders, two or more, for every image; "
            "take Krippendorff's alpha where readings are missing"
        )
    raters = graders[0]
    seen = ((counted**2).sum(axis=1) - raters).mean() / (raters * (raters - 1))
    shares = counted.sum(axis=0) / counted.sum()
    expected = float((shares**2).sum())
    return float(divide(np.asarray(seen - expected), np.asarray(1 - expected)))


def coincidences(counted: np.ndarray) -> np.ndarray:
    """Coincidence matrix of each image: votes (N, K) -> (N, K, K); zero with fewer than two readings.

    The matrix of a set of images is the sum of theirs, so a resample of alpha is a matrix product.
    """
    counted = np.asarray(counted, dtype=float)
    graders = counted.sum(axis=1)
    pairs = counted[:, :, None] * counted[:, None, :]
    diagonal = np.arange(counted.shape[1])
    pairs[:, diagonal, diagonal] -= counted
    return pairs / np.where(graders > 1, graders - 1, np.inf)[:, None, None]


def alpha(matrix: np.ndarray, level: Level = "nominal") -> np.ndarray:
    """Krippendorff's alpha of summed coincidences (..., K, K), classes in their order: (...).

    ``nominal``: any two classes are equally far; ``ordinal``: as far as the readings between them
    are many; ``interval``: their codes' distance. NaN where all readings are of one class.

    Source: Krippendorff, Computing Krippendorff's Alpha-Reliability, 2011.
    """
    matrix = np.asarray(matrix, dtype=float)
    total = matrix.sum(axis=-1)
    apart = _apart(total, level)
    seen = (matrix * apart).sum(axis=(-2, -1)) * (total.sum(axis=-1) - 1)
    expected = (total[..., :, None] * total[..., None, :] * apart).sum(axis=(-2, -1))
    return 1.0 - divide(seen, expected)


def _apart(total: np.ndarray, level: Level) -> np.ndarray:
    order = np.arange(total.shape[-1])
    if level == "ordinal":
        middle = np.cumsum(total, axis=-1) - total / 2
        return (middle[..., :, None] - middle[..., None, :]) ** 2
    steps = (order[:, None] - order[None, :]) ** 2.0
    return steps if level == "interval" else np.minimum(steps, 1.0)
