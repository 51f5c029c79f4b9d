"""Kappa's interval as the papers print it: symmetric, from the large-sample standard error."""

from __future__ import annotations

import numpy as np

from medbench.metrics.statistics.agreement import Weighting

#: Quantile of the normal distribution for 95 %.
_Z = 1.959963984540054


def wald_interval(confusion: np.ndarray, weighting: Weighting = None) -> tuple[float, float]:
    """95 % interval of kappa of counts (K, K): kappa ± 1.96 · SE.

    It is not clipped, so it may pass 1, and it takes every row for independent: figures of patients
    with several images need the bootstrap beside it. NaN where kappa is.

    Source: Fleiss, Cohen and Everitt 1969.
    """
    counts = np.asarray(confusion, dtype=float)
    n, size = counts.sum(), len(counts)
    if n == 0:
        return float("nan"), float("nan")
    steps = np.abs(np.arange(size)[:, None] - np.arange(size)[None, :]) / max(size - 1, 1)
    weight = 1.0 - {None: (steps > 0).astype(float), "linear": steps, "quadratic": steps**2}[weighting]
    cells = counts / n
    first, second = cells.sum(axis=1), cells.sum(axis=0)
    chance = float(first @ weight @ second)
    if chance >= 1.0:
        return float("nan"), float("nan")
    value = (float((cells * weight).sum()) - chance) / (1.0 - chance)
    mean = (weight @ second)[:, None] + (first @ weight)[None, :]
    spread = float((cells * (weight - mean * (1.0 - value)) ** 2).sum())
    variance = (spread - (value - chance * (1.0 - value)) ** 2) / (n * (1.0 - chance) ** 2)
    half = _Z * max(variance, 0.0) ** 0.5
    return value - half, value + half
