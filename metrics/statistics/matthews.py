"""Matthews' correlation of confusion matrices, any number of them at once."""

from __future__ import annotations

import numpy as np

from medbench.metrics.statistics.ratio_of_sums import divide


def matthews(confusion: np.ndarray) -> np.ndarray:
    """Matthews' correlation coefficient of (..., K, K) counts, truth by answer: (...), in [-1, 1].

    With two classes it is the phi coefficient, with more Gorodkin's R_K. 0 where all truths or all
    answers are of one class, as scikit-learn has it; NaN where nothing was counted.

    Example:
        >>> float(matthews(np.array([[6.0, 2.0], [1.0, 3.0]])).round(6))
        0.478091

    Source: Matthews 1975; Gorodkin 2004.
    """
    confusion = np.asarray(confusion, dtype=float)
    total = confusion.sum(axis=(-2, -1))
    truth, answer = confusion.sum(axis=-1), confusion.sum(axis=-2)
    right = np.trace(confusion, axis1=-2, axis2=-1)
    above = right * total - (truth * answer).sum(axis=-1)
    spread = (total**2 - (truth**2).sum(axis=-1)) * (total**2 - (answer**2).sum(axis=-1))
    found = divide(above, np.sqrt(np.maximum(spread, 0.0)))
    return np.where((spread <= 0) & (total > 0), 0.0, found)
