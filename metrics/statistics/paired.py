"""Two methods on the same samples: difference, interval, p-value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from medbench.metrics.statistics.detectable import minimum_detectable
from medbench.metrics.statistics.influence import of_ratio, standard_error
from medbench.metrics.statistics.ready import ratio_interval

if TYPE_CHECKING:
    from medbench.metrics.statistics.clusters import Clusters
    from medbench.metrics.statistics.resample import Resampler


@dataclass(frozen=True)
class Difference:
    """``value`` = first minus second over ``n`` samples that both scored; ``p`` is two-sided.

    ``detectable`` is the smallest true difference that so many samples find in four of five suites.
    """

    value: float
    low: float
    high: float
    p: float
    n: int
    degenerate: bool
    detectable: float = float("nan")


def paired_difference(
    first: np.ndarray, second: np.ndarray, clusters: Clusters, resampler: Resampler
) -> Difference:
    """Difference of two means (N,) over the samples that are scored (not NaN) in both.

    The interval is the bootstrap-t over clusters, the same ones for both methods. ``p`` is the permutation
    test's: whole clusters swap the two methods at random, so that it holds for several images of
    a subject.
    """
    both = np.isfinite(first) & np.isfinite(second)
    if not both.any():
        nan = float("nan")
        return Difference(nan, nan, nan, nan, 0, True)
    apart = (first - second)[both]
    of_both = clusters.take(both)
    sums, sizes = of_both.sums(np.column_stack([apart, np.ones(len(apart))])).T
    found = ratio_interval(sums, sizes, resampler)
    degenerate = of_both.count < 2 or found.high - found.low < 1e-12
    p = swap_test(sums, resampler)
    least = minimum_detectable(float(standard_error(of_ratio(sums, sizes))))
    return Difference(float(apart.mean()), found.low, found.high, p, len(apart), degenerate, least)


def swap_test(sums: np.ndarray, resampler: Resampler) -> float:
    """Two-sided p of cluster sums (S,) of differences: how often random signs reach as far.

    The observed signs count as one of the permutations, so p is never 0.
    """
    names = ("swap", str(len(sums)))
    signs = resampler.generator(*names).choice((-1.0, 1.0), (resampler.draws, len(sums)))
    reached = np.abs(signs @ sums) >= abs(sums.sum()) * (1 - 1e-12)
    return float((1 + reached.sum()) / (1 + resampler.draws))


def mcnemar(first: np.ndarray, second: np.ndarray) -> float:
    """Exact two-sided McNemar p of two columns of hits (N,) in {0, 1}; NaN rows are left out.

    For independent images only: with several images of a subject use :func:`paired_difference`.

    Source: McNemar 1947, exact binomial form.
    """
    from scipy.stats import binomtest

    only_first = int(np.sum((first == 1) & (second == 0)))
    only_second = int(np.sum((first == 0) & (second == 1)))
    apart = only_first + only_second
    return float(binomtest(only_first, apart).pvalue) if apart else 1.0


def holm(p_values: np.ndarray) -> np.ndarray:
    """Adjust p-values (M,) for being M of them, by Holm's step-down rule.

    Source: Holm 1979.
    """
    p_values = np.asarray(p_values, dtype=float)
    order = np.argsort(p_values, kind="stable")
    raised = np.maximum.accumulate(p_values[order] * np.arange(len(order), 0, -1))
    adjusted = np.empty_like(p_values)
    adjusted[order] = np.minimum(raised, 1.0)
    return adjusted
