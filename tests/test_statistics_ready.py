"""Intervals from standard errors against statsmodels, loops over subjects, and hand-worked cases."""

from __future__ import annotations

import numpy as np
import pytest
from metric_cases import seen_of
from sklearn.metrics import balanced_accuracy_score, cohen_kappa_score, roc_auc_score

from medbench.metrics.accuracy import macro_influences
from medbench.metrics.identity import IdentityDistance
from medbench.metrics.statistics.agreement import kappa
from medbench.metrics.statistics.clusters import Clusters
from medbench.metrics.statistics.estimating import mean_estimate
from medbench.metrics.statistics.influence import kappa_slopes, of_auroc, of_ratio, standard_error
from medbench.metrics.statistics.ready import Interval, auroc_interval, ratio_interval, ratio_share
from medbench.metrics.statistics.resample import Resampler
from medbench.metrics.statistics.studentised import FISHER, LOGIT, PLAIN, bootstrap_t, student

RNG = np.random.default_rng(0)
OWNER = np.sort(np.concatenate([np.arange(40), RNG.integers(0, 40, 160)]))
PEOPLE = Clusters(OWNER, 40, "subject")
VALUES = RNG.gamma(2, size=40)[OWNER] + RNG.gamma(1, size=200)
HITS = (RNG.random(200) < RNG.beta(6, 2, 40)[OWNER]).astype(float)
SIZES = np.bincount(OWNER).astype(float)


def of_subjects(values):
    return np.bincount(OWNER, values)


def test_standard_error_of_a_mean_is_the_sandwich_of_statsmodels():
    api = pytest.importorskip("statsmodels.api")
    fit = api.OLS(VALUES, np.ones(200)).fit()
    robust = fit.get_robustcov_results("cluster", groups=OWNER, df_correction=False)
    ours = standard_error(of_ratio(of_subjects(VALUES), SIZES))
    assert ours == pytest.approx(robust.bse[0], rel=1e-9)


def test_a_share_has_students_interval_on_the_logit_scale():
    from scipy.stats import t

    found = ratio_share(of_subjects(HITS), SIZES)
    share = HITS.mean()
    error = float(standard_error(of_ratio(of_subjects(HITS), SIZES))) / (share * (1 - share))
    ends = t.ppf([0.025, 0.975], 39) * error + np.log(share / (1 - share))
    assert (found.low, found.high) == pytest.approx(tuple(1 / (1 + np.exp(-ends))), abs=1e-12)


def test_bootstrap_t_is_a_loop_over_the_drawn_subjects():
    resampler = Resampler(("t",), draws=300)
    found = ratio_interval(of_subjects(VALUES), SIZES, resampler)
    rows = [np.flatnonzero(s == OWNER) for s in range(40)]
    mean, apart = VALUES.mean(), []
    for counts in resampler.counts(40):
        taken = [rows[s] for s in range(40) for _ in range(int(counts[s]))]
        drawn = VALUES[np.concatenate(taken)].mean()
        residuals = [(VALUES[r] - drawn).sum() for r in taken]
        error = np.sqrt(np.sum(np.square(residuals)) * 40 / 39) / sum(map(len, taken))
        apart.append((drawn - mean) / error)
    whole = np.sqrt(sum((VALUES[r] - mean).sum() ** 2 for r in rows) * 40 / 39) / 200
    low, high = mean - np.quantile(apart, [0.975, 0.025]) * whole
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-10)


def numeric_influence(statistic):
    """Slope of a weighted statistic with each subject's weight, by differences."""
    found = []
    for subject in range(40):
        step = np.where(subject == OWNER, 1e-6, 0.0)
        found.append((statistic(1 + step) - statistic(1 - step)) / 2e-6)
    return np.array(found)


def test_influences_are_slopes_of_scikit_learns_weighted_figures():
    first = RNG.integers(0, 4, 200)
    second = np.where(HITS == 1, first, RNG.integers(0, 4, 200))
    table = np.bincount(OWNER * 16 + first * 4 + second, minlength=640).reshape(40, 4, 4)
    for weights in (None, "linear", "quadratic"):
        slopes = (table * kappa_slopes(table.sum(axis=0), weights)).sum(axis=(1, 2))
        wanted = numeric_influence(
            lambda w, weights=weights: cohen_kappa_score(first, second, weights=weights, sample_weight=w)
        )
        assert slopes == pytest.approx(wanted, abs=1e-8)
    hits = (first == second).astype(float)
    wanted = numeric_influence(lambda w: balanced_accuracy_score(first, second, sample_weight=w))
    assert macro_influences(hits, first, PEOPLE) == pytest.approx(wanted, abs=1e-8)
    scores, positive = VALUES.round(1), first == 0
    wanted = numeric_influence(lambda w: roc_auc_score(positive, scores, sample_weight=w))
    assert of_auroc(scores, positive, PEOPLE) == pytest.approx(wanted, abs=1e-8)


def test_kappas_standard_error_is_fleiss_cohen_and_everitts():
    agreement = pytest.importorskip("statsmodels.stats.inter_rater")
    table = RNG.integers(1, 40, (4, 4))
    theirs = agreement.cohens_kappa(table)
    squares = (table * kappa_slopes(table) ** 2).sum()
    assert float(kappa(table)) == pytest.approx(theirs.kappa)
    assert np.sqrt(squares) == pytest.approx(theirs.std_kappa, rel=1e-9)


def test_aurocs_interval_stays_inside_and_widens_with_few_positives():
    scores = RNG.normal(size=200)
    few, many = np.zeros(200, bool), np.zeros(200, bool)
    few[:6], many[:100] = True, True
    alone = Clusters(np.arange(200), 200, "image")
    narrow = auroc_interval(scores + 2.5 * many, many, alone)
    wide = auroc_interval(scores + 2.5 * few, few, alone)
    assert wide.high - wide.low > narrow.high - narrow.low
    assert all(0 < one.low < one.high < 1 for one in (narrow, wide))
    assert auroc_interval(scores + 99 * few, few, alone) is None, "no error where all are told apart"


@pytest.mark.parametrize("scale", [PLAIN, LOGIT, FISHER])
def test_scales_lead_back_and_their_slopes_are_slopes(scale):
    at, step = np.array([0.05, 0.4, 0.93]), 1e-6
    assert scale.back(scale.there(at)) == pytest.approx(at)
    slope = (scale.there(at + step) - scale.there(at - step)) / (2 * step)
    assert scale.slope(at) == pytest.approx(slope, rel=1e-6)


def test_nothing_to_go_by_is_the_value_itself():
    assert student(0.4, 0.1, 0) == (0.4, 0.4)
    assert student(1.0, 0.1, 9, LOGIT) == (1.0, 1.0)
    assert bootstrap_t(2.0, 0.0, np.full(5, 2.0), np.zeros(5)) == (2.0, 2.0)


def test_intervals_are_cut_off_at_the_range():
    assert Interval("x", -0.2, 1.4).within((0.0, 1.0)) == Interval("x", 0.0, 1.0)
    skewed = np.zeros(180)
    skewed[:2] = 9.0
    found = mean_estimate(IdentityDistance, "all", skewed, seen_of(), Resampler(("skew",)))
    assert found.interval == "student-t/subject" and found.low >= 0.0


def test_few_or_equal_subjects_get_students_t():
    three = np.array([1.0, 1.2, 0.9])
    few = ratio_interval(three, np.ones(3), Resampler(("few",), draws=300))
    reach = 4.302652730 * three.std(ddof=1) / np.sqrt(3)
    assert few.kind == "student-t"
    assert (few.low, few.high) == pytest.approx((three.mean() - reach, three.mean() + reach))
    alike = np.r_[np.full(50, 362.0), 10.0, 40.0]
    resampler = Resampler(("alike",), draws=300)
    interval = ratio_interval(alike, np.ones(52), resampler)
    assert 330 < interval.low < alike.mean() < interval.high < 380
