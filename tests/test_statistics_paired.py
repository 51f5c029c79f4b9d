"""Paired differences and ranks against statsmodels, scipy and hand-worked cases."""

from __future__ import annotations

import numpy as np
import pytest
from metric_cases import seen_of
from scipy import stats

from medbench.metrics.statistics.clusters import Clusters, clusters_of
from medbench.metrics.statistics.paired import holm, mcnemar, paired_difference
from medbench.metrics.statistics.ranking import shared_ranks
from medbench.metrics.statistics.resample import Resampler

IMAGES = Clusters(np.arange(200), 200, "image")


def test_difference_is_on_the_samples_that_both_scored():
    rng = np.random.default_rng(0)
    first, second = rng.normal(size=(2, 200))
    first[:10], second[190:] = np.nan, np.nan
    found = paired_difference(first, second, IMAGES, Resampler(("d",), draws=4000))
    apart = (first - second)[10:190]
    theirs = stats.bootstrap(
        (apart,), np.mean, n_resamples=4000, method="percentile", rng=1
    ).confidence_interval
    swapped = stats.permutation_test(
        (apart, np.zeros(180)),
        lambda a, b: np.mean(a - b),
        permutation_type="samples",
        n_resamples=4000,
        rng=1,
    )
    assert (found.value, found.n) == (pytest.approx(apart.mean(), abs=1e-12), 180)
    assert (found.low, found.high) == pytest.approx(tuple(theirs), abs=0.02)
    assert found.p == pytest.approx(swapped.pvalue, abs=0.03)
    assert found.detectable == pytest.approx(2.80159 * apart.std(ddof=1) / np.sqrt(180), rel=1e-5)


def test_p_respects_subjects():
    seen = seen_of()
    shift = np.repeat(np.random.default_rng(1).choice([-1.0, 1.0, 1.0], 30), 6)
    by_subject = paired_difference(shift, np.zeros(180), clusters_of(seen), Resampler(("p",)))
    by_image = paired_difference(
        shift, np.zeros(180), Clusters(np.arange(180), 180, "image"), Resampler(("p",))
    )
    assert by_subject.p > by_image.p


def test_pairing_shrinks_the_interval():
    rng = np.random.default_rng(2)
    hard = rng.normal(size=200) * 5
    found = paired_difference(hard + 0.1, hard + rng.normal(size=200) * 0.01, IMAGES, Resampler(("s",)))
    assert 0.09 < found.low < found.high < 0.11


def test_mcnemar_and_holm_are_statsmodels():
    statsmodels = pytest.importorskip("statsmodels.stats.contingency_tables")
    multitest = pytest.importorskip("statsmodels.stats.multitest")
    rng = np.random.default_rng(3)
    first, second = (rng.random((2, 300)) < [[0.8], [0.7]]).astype(float)
    table = [[np.sum((first == a) & (second == b)) for b in (1, 0)] for a in (1, 0)]
    assert mcnemar(first, second) == pytest.approx(statsmodels.mcnemar(table, exact=True).pvalue)
    assert mcnemar(first, first) == 1.0
    p = rng.random(9) ** 3
    assert holm(p) == pytest.approx(multitest.multipletests(p, method="holm")[1])


def test_ties_share_a_rank():
    rng = np.random.default_rng(4)
    base = rng.normal(size=200)
    samples = {
        "best": base + 3,
        "twin": base + 1 + rng.normal(size=200) * 0.5,
        "other twin": base + 1 + rng.normal(size=200) * 0.5,
        "last": base - 2,
    }
    ranks = shared_ranks(samples, IMAGES, Resampler(("r",)), higher_is_better=True)
    assert ranks == {"best": 1, "twin": 2, "other twin": 2, "last": 4}
    turned = shared_ranks(samples, IMAGES, Resampler(("r",)), higher_is_better=False)
    assert turned == {"best": 4, "twin": 2, "other twin": 2, "last": 1}
