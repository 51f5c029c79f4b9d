"""How large must a difference be for a suite of this size to find it?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from medbench.metrics.statistics.influence import of_ratio, standard_error

if TYPE_CHECKING:
    from medbench.metrics.statistics.clusters import Clusters


def minimum_detectable(error: float, level: float = 0.95, power: float = 0.8) -> float:
    """Smallest true difference that a two-sided test finds in ``power`` of the suites.

    Args:
        error: Standard error of the difference.
        level: 1 minus the test's level.
        power: Chance of finding it.

    Source: Cohen 1988, normal approximation.
    """
    from scipy.special import ndtri

    return float((ndtri((1 + level) / 2) + ndtri(power)) * error)


def detectable_difference(first: np.ndarray, second: np.ndarray, clusters: Clusters) -> float:
    """Minimum detectable difference of the means of two methods (N,) on the samples that both scored.

    Same samples, whole subjects: what both methods find hard counts for neither. NaN with fewer
    than two subjects.
    """
    both = np.isfinite(first) & np.isfinite(second)
    sums = clusters.take(both).sums(np.column_stack([(first - second)[both], np.ones(both.sum())]))
    return minimum_detectable(float(standard_error(of_ratio(sums[:, 0], sums[:, 1]))))


def detectable_change_of_share(share: float, n: float, clumping: float = 1.0) -> float:
    """Minimum detectable difference of a share between two groups of ``n`` images each, for planning.

    ``clumping`` is the design effect: 1 + (images per subject - 1) x correlation within a subject.
    """
    return minimum_detectable(float(np.sqrt(2 * share * (1 - share) * clumping / n)))
