"""Do the graders agree among themselves? Fleiss' kappa and Krippendorff's alpha, subjects resampled."""

from __future__ import annotations

import numpy as np

from medbench.core import Estimate
from medbench.metrics.metric import Metric
from medbench.metrics.statistics.clusters import Clusters
from medbench.metrics.statistics.estimating import settle
from medbench.metrics.statistics.raters import Level, alpha, coincidences, fleiss_kappa, votes
from medbench.metrics.statistics.ratio_of_sums import divide
from medbench.metrics.statistics.resample import Resampler


class FleissKappa(Metric):
    """Agreement of any number of graders, all disagreements weighing the same."""

    name, unit, range = "fleiss_kappa", "kappa", (-1.0, 1.0)


class KrippendorffAlpha(Metric):
    """The same with grades as far apart as they are in their order, where they have one."""

    name, unit, range = "krippendorff_alpha", "alpha", (-1.0, 1.0)


def between_graders(
    grades: np.ndarray, classes: int, ordered: bool, clusters: Clusters, resampler: Resampler
) -> list[Estimate]:
    """Both figures of grades (images, graders), two graders at least; none otherwise."""
    if grades.shape[1] < 2:
        return []
    n, counted = len(grades), votes(grades, classes)
    drawn = resampler.counts(clusters.count)
    raters = grades.shape[1]
    pairs = ((counted**2).sum(axis=1) - raters) / (raters * (raters - 1))
    sums = drawn @ clusters.sums(np.column_stack([np.ones(n), pairs, counted]))
    shares = sums[:, 2:] / sums[:, 2:].sum(axis=1, keepdims=True)
    expected = (shares**2).sum(axis=1)
    fleiss = divide(sums[:, 1] / sums[:, 0] - expected, 1 - expected)
    cells = coincidences(counted).reshape(n, -1)
    tables = (drawn @ clusters.sums(cells)).reshape(-1, classes, classes)
    level: Level = "ordinal" if ordered else "nominal"
    whole = float(alpha(cells.sum(axis=0).reshape(classes, classes), level))
    found: list[tuple[type[Metric], float, np.ndarray]] = [
        (FleissKappa, fleiss_kappa(counted), fleiss),
        (KrippendorffAlpha, whole, alpha(tables, level)),
    ]
    return [
        settle(metric, "all", value, spread, n=n, clusters=clusters, chance=0.0)
        for metric, value, spread in found
    ]
