"""Kappa and tables against scikit-learn and scipy."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from sklearn.metrics import cohen_kappa_score, confusion_matrix

from medbench.metrics.statistics.agreement import kappa, one_against_rest
from medbench.metrics.statistics.clusters import Clusters
from medbench.metrics.statistics.resample import Resampler
from medbench.metrics.statistics.tables import table_draws

RNG = np.random.default_rng(0)
FIRST = RNG.integers(0, 8, 500)
SECOND = np.where(RNG.random(500) < 0.7, FIRST, RNG.integers(0, 8, 500))


@pytest.mark.parametrize("weighting", [None, "linear", "quadratic"])
def test_kappa_is_scikit_learns(weighting):
    theirs = cohen_kappa_score(FIRST, SECOND, weights=weighting)
    assert kappa(confusion_matrix(FIRST, SECOND), weighting) == pytest.approx(theirs, abs=1e-12)


def test_many_matrices_at_once():
    matrices = RNG.integers(1, 50, (7, 3, 4, 4))
    assert kappa(matrices)[5, 2] == pytest.approx(float(kappa(matrices[5, 2])))


def test_one_class_only_has_no_kappa():
    assert np.isnan(kappa(np.diag([12, 0, 0])))


def test_one_against_rest():
    folded = one_against_rest(confusion_matrix(FIRST, SECOND), 3)
    assert (folded == confusion_matrix(FIRST == 3, SECOND == 3, labels=[True, False])).all()


def test_multinomial_draws_are_the_bootstrap_of_images():
    images = Clusters(np.arange(500), 500, "image")
    table, draws = table_draws(FIRST * 8 + SECOND, 64, images, Resampler(("t",), draws=3000))
    assert draws.shape == (3000, 64) and (draws.sum(axis=1) == 500).all()
    assert (table.reshape(8, 8) == confusion_matrix(FIRST, SECOND)).all()
    low, high = np.quantile(kappa(draws.reshape(-1, 8, 8)), [0.025, 0.975])
    theirs = stats.bootstrap(
        (FIRST, SECOND),
        cohen_kappa_score,
        paired=True,
        vectorized=False,
        n_resamples=400,
        method="percentile",
        rng=0,
    ).confidence_interval
    assert (low, high) == pytest.approx((theirs.low, theirs.high), abs=0.012)


def test_clustered_tables_are_sums_of_the_drawn_subjects():
    codes = RNG.integers(0, 40, 500)
    people = Clusters(codes, 40, "subject")
    resampler = Resampler(("t",), draws=30)
    _, draws = table_draws(FIRST, 8, people, resampler)
    drawn = np.concatenate(
        [np.tile(FIRST[codes == s], int(k)) for s, k in enumerate(resampler.counts(40)[7])]
    )
    assert (draws[7] == np.bincount(drawn, minlength=8)).all()
