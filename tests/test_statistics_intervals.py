"""Intervals against scipy and statsmodels, and against coverage."""

from __future__ import annotations

import numpy as np
import pytest
from metric_cases import seen_of
from scipy import stats

from medbench.metrics.identity import IdentityDistance
from medbench.metrics.statistics.clusters import Clusters
from medbench.metrics.statistics.estimating import mean_estimate, settle
from medbench.metrics.statistics.intervals import bca, clopper_pearson, percentile, wilson
from medbench.metrics.statistics.ratio_of_sums import ratio_of_sums
from medbench.metrics.statistics.resample import Resampler


@pytest.mark.parametrize(("hits", "n"), [(0, 7), (3, 7), (7, 7), (129, 4578), (1, 200)])
@pytest.mark.parametrize("level", [0.9, 0.95])
def test_proportions_are_scipys(hits, n, level):
    exact = stats.binomtest(hits, n).proportion_ci(level, method="exact")
    score = stats.binomtest(hits, n).proportion_ci(level, method="wilson")
    assert clopper_pearson(hits, n, level) == pytest.approx((exact.low, exact.high), abs=1e-12)
    assert wilson(hits, n, level) == pytest.approx((score.low, score.high), abs=1e-12)


def test_bootstrap_agrees_with_scipy_on_independent_images():
    values = np.random.default_rng(0).gamma(2, size=300)
    clusters = Clusters(np.arange(300), 300, "image")
    resampler = Resampler(("gamma",), draws=20_000)
    value, draws = ratio_of_sums(values[:, None], np.ones((300, 1)), clusters, resampler)
    theirs = {
        method: stats.bootstrap(
            (values,), np.mean, n_resamples=20_000, method=method, rng=1
        ).confidence_interval
        for method in ("percentile", "BCa")
    }
    assert value[0] == pytest.approx(values.mean(), abs=1e-12)
    assert percentile(draws[:, 0]) == pytest.approx(tuple(theirs["percentile"]), abs=0.01)
    jackknife = (values.sum() - values) / 299
    assert bca(value[0], draws[:, 0], jackknife) == pytest.approx(tuple(theirs["BCa"]), abs=0.01)


def test_clusters_widen_the_interval_as_theory_has_it():
    rng = np.random.default_rng(1)
    people = rng.normal(size=400)
    values = np.repeat(people, 5) + rng.normal(size=2000) * 0.1
    clusters = Clusters(np.repeat(np.arange(400), 5), 400, "subject")
    resampler = Resampler(("wide",), draws=4000)
    _, draws = ratio_of_sums(values[:, None], np.ones((2000, 1)), clusters, resampler)
    by_person = values.reshape(400, 5).mean(axis=1)
    assert draws.std() == pytest.approx(by_person.std() / np.sqrt(400), rel=0.05)


def test_a_share_at_the_edge_gets_clopper_pearson_over_subjects():
    found = mean_estimate(IdentityDistance, "all", np.zeros(180), seen_of(), Resampler(("edge",)), share=True)
    assert (found.value, found.low, found.interval) == (0.0, 0.0, "clopper-pearson/subject")
    assert found.high == pytest.approx(1 - 0.025 ** (1 / 30))
    assert not found.degenerate


def test_degenerate_is_a_flag_and_not_a_width():
    constant = mean_estimate(IdentityDistance, "all", np.full(180, 2.5), seen_of(), Resampler(("flat",)))
    assert (constant.low, constant.high, constant.degenerate) == (2.5, 2.5, True)
    one = settle(
        IdentityDistance, "all", 0.4, np.full(9, 0.4), n=3, clusters=Clusters(np.zeros(3, int), 1, "subject")
    )
    assert (one.low, one.high, one.degenerate) == (0.4, 0.4, True)


def test_nothing_scored_is_nan_with_n_zero():
    found = mean_estimate(IdentityDistance, "all", np.full(180, np.nan), seen_of(), Resampler(("none",)))
    assert np.isnan([found.value, found.low, found.high]).all()
    assert (found.n, found.interval, found.degenerate) == (0, "none", True)


@pytest.mark.slow
def test_clustered_intervals_cover():
    rng = np.random.default_rng(5)
    hits = 0
    for trial in range(400):
        values = np.repeat(rng.normal(size=129), 4) + rng.normal(size=516)
        clusters = Clusters(np.repeat(np.arange(129), 4), 129, "subject")
        resampler = Resampler(("cover", str(trial)), draws=600)
        _, draws = ratio_of_sums(values[:, None], np.ones((516, 1)), clusters, resampler)
        low, high = percentile(draws[:, 0])
        hits += low <= 0 <= high
    assert 0.92 <= hits / 400 <= 0.98
