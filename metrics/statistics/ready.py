"""Intervals that cover better than percentiles of draws; docs/coverage.md says where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from medbench.metrics.statistics.delong import delong, placements
from medbench.metrics.statistics.influence import of_ratio, standard_error
from medbench.metrics.statistics.ratio_of_sums import divide
from medbench.metrics.statistics.studentised import LOGIT, bootstrap_t, student

if TYPE_CHECKING:
    from medbench.metrics.statistics.clusters import Clusters
    from medbench.metrics.statistics.resample import Resampler


#: The bootstrap-t needs so many clusters, and so many that differ.
_FEWEST, _MOST_ALIKE = 20, 0.5


@dataclass(frozen=True)
class Interval:
    """Both ends, and what they are called in results."""

    kind: str
    low: float
    high: float

    def within(self, bounds: tuple[float, float]) -> Interval:
        """Cut off what lies outside a figure's range: the truth is not there."""
        return Interval(self.kind, max(self.low, bounds[0]), min(self.high, bounds[1]))


def share_interval(value: float, influences: np.ndarray, freedom: float | None = None) -> Interval:
    """Student's t on the logit scale for a share in (0, 1) with influences (S,) of S clusters.

    ``freedom`` are its degrees of freedom, by default one fewer than clusters.
    """
    freedom = len(influences) - 1 if freedom is None else freedom
    return Interval("logit-t", *student(value, float(standard_error(influences)), freedom, LOGIT))


def ratio_share(above: np.ndarray, below: np.ndarray) -> Interval:
    """Interval of a share sum(above) / sum(below) of cluster sums (S,)."""
    return share_interval(float(above.sum() / below.sum()), of_ratio(above, below))


def ratio_interval(above: np.ndarray, below: np.ndarray, resampler: Resampler) -> Interval:
    """Bootstrap-t of a mean or ratio sum(above) / sum(below) of cluster sums (S,).

    Student's t where there are few clusters, or nearly all are alike: a draw of equal ones has no
    error, and how many errors away it lies says nothing.
    """
    count = len(above)
    shares = divide(above, below)
    alike = np.unique(shares[np.isfinite(shares)], return_counts=True)[1].max(initial=0)
    if count < _FEWEST or alike > _MOST_ALIKE * count:
        value = float(above.sum() / below.sum())
        error = float(standard_error(of_ratio(above, below)))
        return Interval("student-t", *student(value, error, count - 1))
    sums = resampler.sums(np.stack([above, below, above**2, above * below, below**2], axis=1)).T
    draws = divide(sums[0], sums[1])
    spread = np.maximum(sums[2] - 2 * draws * sums[3] + draws**2 * sums[4], 0.0)
    errors = divide(np.sqrt(spread * count / max(count - 1, 1)), sums[1])
    error = float(standard_error(of_ratio(above, below)))
    return Interval("bootstrap-t", *bootstrap_t(float(above.sum() / below.sum()), error, draws, errors))


def auroc_interval(scores: np.ndarray, positive: np.ndarray, clusters: Clusters) -> Interval | None:
    """DeLong's error on the logit scale, with Student's t; None where it has no error.

    Degrees of freedom are Satterthwaite's: where few subjects are positive, their spread is known badly.

    Args:
        scores: (N,) finite, higher for the positive class.
        positive: (N,) bool.
        clusters: Whose each sample is.

    Source: DeLong et al. 1988; Obuchowski 1997; Satterthwaite 1946.
    """
    areas, covariance = delong(scores[None], positive, clusters.codes)
    if not (0 < areas[0] < 1 and covariance[0, 0] > 0):
        return None
    parts = []
    for kind, placed in zip((positive, ~positive), placements(scores, positive), strict=True):
        sums = np.bincount(clusters.codes[kind], placed - areas[0], minlength=clusters.count)
        parts.append((((sums / kind.sum()) ** 2).sum(), len(np.unique(clusters.codes[kind])) - 1))
    freedom = sum(v for v, _ in parts) ** 2 / sum(v**2 / f for v, f in parts)
    error = float(np.sqrt(covariance[0, 0]))
    return Interval("delong-logit-t", *student(float(areas[0]), error, freedom, LOGIT))
