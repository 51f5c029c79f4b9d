"""Cohen's kappa of confusion matrices, any number of them at once."""

from __future__ import annotations

from typing import Literal

import numpy as np

from medbench.metrics.statistics.ratio_of_sums import divide

Weighting = Literal["linear", "quadratic"] | None


def disagreement(classes: int, weighting: Weighting = None) -> np.ndarray:
    """What a disagreement of class and class costs: (K, K), 0 on the diagonal."""
    order = np.arange(classes)
    apart = np.abs(order[:, None] - order[None, :]).astype(float)
    return {None: np.minimum(apart, 1.0), "linear": apart, "quadratic": apart**2}[weighting]


def kappa(confusion: np.ndarray, weighting: Weighting = None) -> np.ndarray:
    """Cohen's kappa: 1 - disagreement seen / disagreement expected.

    Args:
        confusion: (..., K, K) counts; first reader by second.
        weighting: How much a disagreement of two classes weighs: the same for all (None), their
            distance in order (``linear``), or its square (``quadratic``).

    Returns:
        (...) kappas in [-1, 1]; NaN where chance alone explains full agreement (one class only).

    Example:
        >>> float(kappa(np.array([[20.0, 5.0], [10.0, 15.0]])).round(9))
        0.4

    Source: Cohen 1960, 1968.
    """
    confusion = np.asarray(confusion, dtype=float)
    cost = disagreement(confusion.shape[-1], weighting)
    first, second = confusion.sum(axis=-1), confusion.sum(axis=-2)
    expected = ((first @ cost) * second).sum(axis=-1)
    cells = confusion.reshape(*confusion.shape[:-2], -1)
    seen = cells @ cost.ravel() * cells.sum(axis=-1)
    return 1.0 - divide(seen, expected)


def one_against_rest(confusion: np.ndarray, code: int) -> np.ndarray:
    """Fold (..., K, K) into (..., 2, 2): class ``code`` and all others."""
    both = confusion[..., code, code]
    first = confusion[..., code, :].sum(axis=-1) - both
    second = confusion[..., :, code].sum(axis=-1) - both
    rest = confusion.sum(axis=(-2, -1)) - both - first - second
    return np.stack([np.stack([both, first], axis=-1), np.stack([second, rest], axis=-1)], axis=-2)
