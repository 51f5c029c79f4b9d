"""Two methods on the same samples: paired differences, corrected p-values, samples that flip."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from medbench.comparison.comparable import NOT_OF_METHODS, Comparable, comparables
from medbench.comparison.macro_difference import macro_difference
from medbench.core import Seen
from medbench.metrics.statistics.clusters import Clusters, clusters_of
from medbench.metrics.statistics.paired import Difference, holm, paired_difference
from medbench.metrics.statistics.resample import Resampler

if TYPE_CHECKING:
    from medbench.comparison.pairing import Pair

#: The column whose headline is the mean of the classes, and the truth that names the classes.
_BY_CLASS, _CLASS = "diagnosis_correct", "disease"


@dataclass(frozen=True)
class Line:
    """One figure of both methods over the ``n`` samples that both have it for; first minus second.

    ``detectable`` is the smallest true difference that so many samples would find in four of five
    suites, before correction.
    """

    name: str
    better: str
    first: float
    second: float
    difference: float
    low: float
    high: float
    p: float
    p_holm: float
    n: int
    degenerate: bool
    detectable: float

    @property
    def favours(self) -> str:
        """``first`` or ``second`` where the corrected p is below 0.05, else ''."""
        if self.better == "neither" or not self.p_holm < 0.05 or self.difference == 0:
            return ""
        return "first" if (self.difference > 0) == (self.better == "higher") else "second"


@dataclass(frozen=True)
class Flips:
    """Ids of the samples for which a yes-or-no column says yes with one method only."""

    name: str
    only_first: tuple[str, ...]
    only_second: tuple[str, ...]


@dataclass(frozen=True)
class Comparison:
    """What two runs differ in; ``unpaired`` metrics have no value for each sample."""

    pair: Pair
    lines: tuple[Line, ...]
    flips: tuple[Flips, ...]
    unpaired: tuple[str, ...]
    clusters: Clusters

    @property
    def least_p(self) -> float:
        """The smallest p-value that swapping so few subjects can give, before correction."""
        return float(2.0 ** (1 - self.clusters.count))


def compare(pair: Pair, everything: bool = False) -> Comparison:
    """Compare two runs by every per-sample figure that both have.

    Args:
        pair: from :func:`medbench.comparison.pairing.pair_runs`.
        everything: regions and components too, not the main figures alone.

    Returns:
        Differences with 95 % intervals from draws of subjects that all metrics share, two-sided
        p-values from swapping the methods subject by subject, and those p-values after Holm's
        correction over all lines.

    """
    ids = tuple(pair.first_samples["id"])
    clusters = clusters_of(Seen(ids, pair.first_samples, {}, np.zeros(len(ids), dtype=bool)))
    resampler = Resampler((pair.first.seed, pair.first.suite.name, pair.first.suite.split))
    measured = [{row.metric for row in result.estimates} for result in (pair.first, pair.second)]
    shared = [str(name) for name in pair.first_samples if name in pair.second_samples]
    chosen = [c for c in comparables(shared, sorted(measured[0] & measured[1])) if everything or c.headline]
    rows: list[tuple[str, Comparable, float, float, Difference]] = []
    for one in chosen:
        rows += _rows(one, pair, clusters, resampler)
    adjusted = _corrected(np.array([row[4].p for row in rows]))
    lines = tuple(
        Line(
            name,
            one.better,
            left,
            right,
            d.value,
            d.low,
            d.high,
            d.p,
            float(p),
            d.n,
            d.degenerate,
            d.detectable,
        )
        for (name, one, left, right, d), p in zip(rows, adjusted, strict=True)
    )
    seen = {one.metric for one in comparables(shared, measured[0] & measured[1])}
    unpaired = tuple(sorted((measured[0] & measured[1]) - seen - set(NOT_OF_METHODS)))
    return Comparison(pair, lines, _flips(chosen, pair), unpaired, clusters)


def _corrected(p_values: np.ndarray) -> np.ndarray:
    """Holm's correction over what was tested; NaN, nothing in common to test, stays NaN."""
    tested = np.isfinite(p_values)
    found = np.full(len(p_values), np.nan)
    found[tested] = holm(p_values[tested])
    return found


def _rows(
    one: Comparable, pair: Pair, clusters: Clusters, resampler: Resampler
) -> list[tuple[str, Comparable, float, float, Difference]]:
    left, right = _values(one, pair)
    both = np.isfinite(left) & np.isfinite(right)
    means = [float(values[both].mean()) if both.any() else float("nan") for values in (left, right)]
    found = [(one.column, one, means[0], means[1], paired_difference(left, right, clusters, resampler))]
    if one.column == _BY_CLASS and _CLASS in pair.first_samples:
        classes = pair.first_samples[_CLASS].astype(str).to_numpy(dtype=str)
        macro = [_macro_mean(values, classes, both) for values in (left, right)]
        apart = macro_difference(left, right, classes, clusters, resampler)
        found.insert(0, (f"{one.column}, mean of classes", one, macro[0], macro[1], apart))
    return found


def _values(one: Comparable, pair: Pair) -> tuple[np.ndarray, np.ndarray]:
    tables = (pair.first_samples, pair.second_samples)
    left, right = (table[one.column].to_numpy(dtype=float) for table in tables)
    return left, right


def _macro_mean(values: np.ndarray, classes: np.ndarray, both: np.ndarray) -> float:
    if not both.any():
        return float("nan")
    return float(np.mean([values[both & (classes == name)].mean() for name in np.unique(classes[both])]))


def _flips(chosen: Sequence[Comparable], pair: Pair) -> tuple[Flips, ...]:
    found = []
    ids = pair.first_samples["id"].to_numpy()
    for one in chosen:
        left, right = _values(one, pair)
        known = np.concatenate([left[np.isfinite(left)], right[np.isfinite(right)]])
        if len(known) and np.isin(known, (0.0, 1.0)).all():
            only = [tuple(map(str, ids[(a == 1) & (b == 0)])) for a, b in ((left, right), (right, left))]
            found.append(Flips(one.column, only[0], only[1]))
    return tuple(found)
