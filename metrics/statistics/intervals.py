"""Intervals: percentile and BCa from draws, Wilson and Clopper-Pearson for proportions."""

from __future__ import annotations

import numpy as np


def percentile(draws: np.ndarray, level: float = 0.95) -> tuple[float, float]:
    """Equal-tailed percentile interval of draws (D,).

    Source: Efron and Tibshirani 1993, ch. 13.
    """
    low, high = np.quantile(draws, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def bca(value: float, draws: np.ndarray, jackknife: np.ndarray, level: float = 0.95) -> tuple[float, float]:
    """Bias-corrected and accelerated interval.

    Args:
        value: The statistic of the whole sample.
        draws: (D,) statistics of resamples.
        jackknife: (clusters,) statistics with one cluster left out.
        level: Coverage aimed at.

    Returns:
        Low and high. The percentile interval where all draws are equal.

    Source: Efron 1987; Efron and Tibshirani 1993, ch. 14.
    """
    from scipy.special import ndtr, ndtri

    below = ((draws < value).mean() + (draws <= value).mean()) / 2
    apart = jackknife.mean() - jackknife
    spread = float((apart**2).sum())
    if spread == 0 or not 0 < below < 1:
        return percentile(draws, level)
    bias = ndtri(below)
    acceleration = (apart**3).sum() / (6 * spread**1.5)
    tails = bias + ndtri([(1 - level) / 2, (1 + level) / 2])
    low, high = np.quantile(draws, ndtr(bias + tails / (1 - acceleration * tails)))
    return float(low), float(high)


def wilson(hits: float, n: int, level: float = 0.95) -> tuple[float, float]:
    """Wilson score interval of ``hits`` out of ``n`` independent trials, n > 0.

    Source: Wilson 1927.
    """
    from scipy.special import ndtri

    z = ndtri((1 + level) / 2)
    share = hits / n
    middle = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    return float(max(0.0, middle - half)), float(min(1.0, middle + half))


def clopper_pearson(hits: float, n: int, level: float = 0.95) -> tuple[float, float]:
    """Exact interval of ``hits`` out of ``n`` independent trials, n > 0; never too short.

    Source: Clopper and Pearson 1934.
    """
    from scipy.special import betaincinv

    tail = (1 - level) / 2
    low = 0.0 if hits <= 0 else float(betaincinv(hits, n - hits + 1, tail))
    high = 1.0 if hits >= n else float(betaincinv(hits + 1, n - hits, 1 - tail))
    return low, high
