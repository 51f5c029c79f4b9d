"""Intervals from a standard error: Student's t, and the bootstrap-t; on a scale without edges."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

_Function = Callable[[np.ndarray | float], np.ndarray]


@dataclass(frozen=True)
class Scale:
    """Where an interval is symmetric: there, its slope, and the way back.

    A share near 1 cannot err upwards; on the ``logit`` scale (shares) or on ``fisher``'s
    (correlations, kappas) its error is nearly symmetric, and an interval never leaves the range.
    """

    there: _Function
    slope: _Function
    back: _Function


PLAIN = Scale(
    lambda x: np.asarray(x), lambda x: np.ones_like(np.asarray(x, dtype=float)), lambda y: np.asarray(y)
)
LOGIT = Scale(
    lambda x: np.log(x) - np.log1p(-np.asarray(x)),
    lambda x: 1 / (np.asarray(x) * (1 - np.asarray(x))),
    lambda y: 1 / (1 + np.exp(-np.asarray(y))),
)
FISHER = Scale(np.arctanh, lambda x: 1 / (1 - np.asarray(x) ** 2), np.tanh)


def student(
    value: float, error: float, freedom: float, scale: Scale = PLAIN, level: float = 0.95
) -> tuple[float, float]:
    """Value ± t · standard error on a scale, with ``freedom`` degrees of freedom: clusters - 1, mostly.

    The value itself twice where it lies on the scale's edge, or where there is no error.
    """
    from scipy.special import stdtrit

    with np.errstate(divide="ignore", invalid="ignore"):
        middle, half = scale.there(value), error * scale.slope(value)
    if freedom <= 0 or not (np.isfinite(middle) and np.isfinite(half)):
        return value, value
    reach = stdtrit(freedom, (1 + level) / 2) * half
    return float(scale.back(middle - reach)), float(scale.back(middle + reach))


def bootstrap_t(
    value: float,
    error: float,
    draws: np.ndarray,
    errors: np.ndarray,
    scale: Scale = PLAIN,
    level: float = 0.95,
) -> tuple[float, float]:
    """Studentised bootstrap: how many of its own standard errors is a draw away?

    Args:
        value: The statistic of the whole sample.
        error: Its standard error.
        draws: (D,) statistics of resamples.
        errors: (D,) their standard errors; draws without one are left out.
        scale: Where the distance is taken.
        level: Coverage aimed at.

    Returns:
        Low and high; the value itself twice where no draw has an error.

    Source: Efron and Tibshirani 1993, ch. 12; DiCiccio and Efron 1996.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        middle, half = scale.there(value), error * scale.slope(value)
        apart = (scale.there(draws) - middle) / (errors * scale.slope(draws))
    apart = apart[np.isfinite(apart)]
    if not (apart.size and np.isfinite(middle) and np.isfinite(half)):
        return value, value
    upper, lower = np.quantile(apart, [(1 + level) / 2, (1 - level) / 2])
    return float(scale.back(middle - upper * half)), float(scale.back(middle - lower * half))
