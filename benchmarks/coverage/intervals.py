"""Every interval of every figure of a simulated suite."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from benchmarks.coverage.worlds import CLASSES, Suite
from medbench.metrics.accuracy import macro, macro_influences
from medbench.metrics.statistics.agreement import kappa
from medbench.metrics.statistics.auroc import auroc_draws
from medbench.metrics.statistics.delong import delong
from medbench.metrics.statistics.influence import kappa_slopes, of_auroc, of_ratio, standard_error
from medbench.metrics.statistics.intervals import bca, percentile, wilson
from medbench.metrics.statistics.ready import auroc_interval
from medbench.metrics.statistics.resample import Resampler
from medbench.metrics.statistics.studentised import FISHER, LOGIT, PLAIN, Scale, bootstrap_t, student
from medbench.metrics.statistics.tables import table_draws

Intervals = dict[str, tuple[float, float]]
#: The figures that are means, and the scale on which their errors may be symmetric.
MEANS = {"accuracy": ("hits", LOGIT), "id_dis": ("distances", PLAIN), "dice": ("dice", LOGIT)}


def all_intervals(suites: Sequence[Suite], resampler: Resampler) -> Iterator[tuple[str, Intervals]]:
    """Name of a figure and its intervals, for each figure of each suite of the same people."""
    yield from _of_means(suites, resampler)
    for number, suite in enumerate(suites):
        # Tables of independent images are drawn as such: each suite has its own draws.
        alone = suite.clusters.unit == "image"
        own = Resampler((*resampler.seed_names, str(number)), resampler.draws) if alone else resampler
        yield "kappa", _of_kappa(suite, own)
        yield "macro accuracy", _of_macro(suite, own)
        yield "auroc", _of_auroc(suite, resampler)


def _of_means(suites: Sequence[Suite], resampler: Resampler) -> Iterator[tuple[str, Intervals]]:
    """All means at once: their draws are columns of one matrix product."""
    clusters = suites[0].clusters
    sizes = np.bincount(clusters.codes, minlength=clusters.count).astype(float)
    named = [
        (name, getattr(suite, column), scale) for name, (column, scale) in MEANS.items() for suite in suites
    ]
    sums = clusters.sums(np.stack([values for _, values, _ in named], axis=1))
    total = resampler.sums(np.stack([sizes, sizes**2], axis=1))
    drawn = resampler.sums(np.hstack([sums, sums**2, sums * sizes[:, None]]))
    above, squares, mixed = np.split(drawn, 3, axis=1)
    draws = above / total[:, :1]
    spread = squares - 2 * draws * mixed + draws**2 * total[:, 1:]
    count = clusters.count
    errors = np.sqrt(np.maximum(spread, 0) * count / (count - 1)) / total[:, :1]
    for column, (name, _, scale) in enumerate(named):
        influences = of_ratio(sums[:, column], sizes)
        value, own = sums[:, column].sum() / sizes.sum(), draws[:, column]
        found = _usual(value, own, errors[:, column], influences, float(standard_error(influences)), scale)
        if name == "accuracy" and 0 < value < 1:
            alone = value * (1 - value) / standard_error(influences) ** 2
            found["Wilson"] = wilson(value * alone, alone)
        yield name, found


def _of_kappa(suite: Suite, resampler: Resampler) -> Intervals:
    size, clusters, shape = CLASSES**2, suite.clusters, (-1, CLASSES, CLASSES)
    table, tables = table_draws(suite.cells, size, clusters, resampler)
    slopes = kappa_slopes(table.reshape(shape)).ravel()
    influences = np.bincount(clusters.codes, slopes[suite.cells])
    value, draws = float(kappa(table.reshape(shape))[0]), kappa(tables.reshape(shape))
    return _usual(value, draws, None, influences, float(standard_error(influences)), FISHER)


def _of_macro(suite: Suite, resampler: Resampler) -> Intervals:
    """Mean of the classes' accuracies."""
    cells = suite.disease * 2 + suite.hits.astype(int)
    table, tables = table_draws(cells, CLASSES * 2, suite.clusters, resampler)
    influences = macro_influences(suite.hits, suite.disease, suite.clusters)
    value, draws = (macro(t.reshape(-1, CLASSES, 2)) for t in (table, tables))
    return _usual(float(value[0]), draws, None, influences, float(standard_error(influences)), LOGIT)


def _of_auroc(suite: Suite, resampler: Resampler) -> Intervals:
    scores, positive, clusters = suite.scores, suite.positive, suite.clusters
    value, *draws = auroc_draws(scores, positive, clusters, resampler)
    _, covariance = delong(scores[None], positive, clusters.codes)
    error = float(np.sqrt(covariance[0, 0]))
    influences = of_auroc(scores, positive, clusters)
    found = _usual(float(value), np.array(draws), None, influences, error, LOGIT)
    ready = auroc_interval(scores, positive, clusters)
    return found if ready is None else {**found, "t, logit, Satterthwaite": (ready.low, ready.high)}


def _usual(
    value: float,
    draws: np.ndarray,
    errors: np.ndarray | None,
    influences: np.ndarray,
    error: float,
    scale: Scale,
) -> Intervals:
    known = np.isfinite(draws)
    draws, count = draws[known], len(influences)
    if not np.isfinite(value) or not draws.size:
        return {}
    found = {
        "percentile": percentile(draws),
        "BCa": bca(value, draws, -influences),
        "t": student(value, error, count - 1),
    }
    if errors is not None:
        found["bootstrap-t"] = bootstrap_t(value, error, draws, errors[known])
    if scale is not PLAIN:
        name = "logit" if scale is LOGIT else "Fisher"
        found[f"t, {name}"] = student(value, error, count - 1, scale)
        if errors is not None:
            found[f"bootstrap-t, {name}"] = bootstrap_t(value, error, draws, errors[known], scale)
    return found
