"""How firmly does a ranking stand? Methods are ranked again in every draw of the subjects."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from medbench.metrics.statistics.clusters import Clusters
    from medbench.metrics.statistics.resample import Resampler


@dataclass(frozen=True)
class Standing:
    """A method's ``rank`` by its mean (1 is best), ranks of 95 % of the draws, and how often it is first."""

    rank: float
    low: float
    high: float
    first: float


@dataclass(frozen=True)
class Stability:
    """Standings by method, and Kendall's tau-b of the ranking with those of the draws, on average.

    ``tau`` is 1 where every draw ranks alike, about 0 where the order is luck; NaN with one method or
    where all are equal.
    """

    standings: dict[str, Standing]
    tau: float
    n: int


def rank_stability(
    samples: Mapping[str, np.ndarray], clusters: Clusters, resampler: Resampler, *, higher_is_better: bool
) -> Stability:
    """Rank methods by the mean of their per-sample values (N,), over the samples that all of them scored.

    Every draw takes the same subjects for all methods; equal means share the middle of their ranks.

    Raises:
        ValueError: no method was given.
    """
    names, values = list(samples), np.stack(list(samples.values()), axis=1).astype(float)
    scored = np.isfinite(values).all(axis=1)
    if not scored.any():
        nothing = Standing(np.nan, np.nan, np.nan, np.nan)
        return Stability(dict.fromkeys(names, nothing), float("nan"), 0)
    taken = clusters.take(scored)
    sums = taken.sums(np.column_stack([values[scored], np.ones(scored.sum())]))
    # A draw's means need no division: all methods share its number of samples.
    totals = np.vstack([sums[:, :-1].sum(axis=0), resampler.sums(sums[:, :-1])])
    ranks, signs = _ranked(totals * (-1 if higher_is_better else 1))
    low, high = np.quantile(ranks[1:], [0.025, 0.975], axis=0, method="nearest")
    first = (ranks[1:] == ranks[1:].min(axis=1, keepdims=True)).mean(axis=0)
    standings = {
        name: Standing(float(ranks[0, k]), float(low[k]), float(high[k]), float(first[k]))
        for k, name in enumerate(names)
    }
    return Stability(standings, _mean_tau(signs), int(scored.sum()))


def _ranked(totals: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Ranks (R, M) of rows of totals, small first, and the signs (R, M, M) of all differences."""
    apart = totals[:, :, None] - totals[:, None, :]
    near = np.abs(apart) <= 1e-12 * np.abs(totals).max(axis=1)[:, None, None]
    signs = np.where(near, 0.0, np.sign(apart))
    ranks = 1 + (signs > 0).sum(axis=2) + ((signs == 0).sum(axis=2) - 1) / 2
    return ranks, signs


def _mean_tau(signs: np.ndarray) -> float:
    pairs = np.triu_indices(signs.shape[1], k=1)
    orders = signs[:, pairs[0], pairs[1]]
    sizes = np.sqrt((orders**2).sum(axis=1))
    known = (sizes[1:] > 0) & (sizes[0] > 0)
    if not known.any():
        return float("nan")
    return float((orders[1:][known] @ orders[0] / (sizes[1:][known] * sizes[0])).mean())
