"""Verification figures against scikit-learn, and their draws against loops over pairs."""

from __future__ import annotations

import numpy as np
import pytest
from metric_cases import seen_of
from scipy.spatial.distance import cdist
from sklearn.metrics import roc_auc_score, roc_curve

from medbench.metrics.statistics.resample import Resampler
from medbench.metrics.verification import SIDES, VerificationAuc, VerificationEer, VerificationTar

SEEN = seen_of(subjects=30, images=6)


def _pairs(seen, group):
    left, right = (seen.column(f"{side}.identity") for side in SIDES[group])
    people = seen.truth["subject"].to_numpy()
    n = len(people)
    near = np.nan_to_num(cdist(left, right), nan=9.0)
    ways = [(i, j) for i in range(n) for j in range(n) if i < j or (group == "attacker=naive" and i != j)]
    i, j = np.array(ways).T
    return near[i, j], people[i] == people[j], people[i], people[j]


def _roc_figures(near, same, weight=None):
    far, hit, _ = roc_curve(same, -near, sample_weight=weight, drop_intermediate=False)
    at = np.argmax(far >= 1 - hit)
    step = far[at] - far[at - 1] + hit[at] - hit[at - 1]
    equal = far[at - 1] + (far[at] - far[at - 1]) * (1 - hit[at - 1] - far[at - 1]) / step
    return roc_auc_score(same, -near, sample_weight=weight), equal, hit[np.flatnonzero(far <= 1e-3)[-1]]


@pytest.mark.parametrize("group", list(SIDES))
def test_values_are_scikit_learns(group):
    near, same, _, _ = _pairs(SEEN, group)
    resampler = Resampler(("case",), draws=50)
    found = [
        next(e for e in metric().estimates(SEEN, resampler) if e.group == group)
        for metric in (VerificationAuc, VerificationEer, VerificationTar)
    ]
    for estimate, value in zip(found, _roc_figures(near, same), strict=True):
        assert estimate.value == pytest.approx(value, abs=1e-9)
        assert estimate.low <= estimate.value <= estimate.high


@pytest.mark.parametrize("group", ["attacker=naive", "attacker=parrot"])
def test_intervals_are_those_of_a_loop_over_weighted_pairs(group):
    near, same, first, second = _pairs(SEEN, group)
    resampler = Resampler(("case",), draws=200)
    names = np.unique(SEEN.truth["subject"])
    order = {name: code for code, name in enumerate(names)}
    i, j = (np.array([order[name] for name in side]) for side in (first, second))
    looped = []
    for counts in resampler.counts(len(names)):
        weight = np.where(same, counts[i], counts[i] * counts[j])
        looped.append(_roc_figures(near[weight > 0], same[weight > 0], weight[weight > 0]))
    low, high = np.quantile(looped, [0.025, 0.975], axis=0)
    for k, metric, tolerance in (
        (0, VerificationAuc, 1e-3),
        (1, VerificationEer, 2e-3),
        (2, VerificationTar, 6e-3),
    ):
        estimate = next(e for e in metric().estimates(SEEN, resampler) if e.group == group)
        assert (estimate.low, estimate.high) == pytest.approx((low[k], high[k]), abs=tolerance)


def test_unseen_faces_leave_an_attacker_guessing():
    seen = seen_of(subjects=20, images=5)
    seen.roles["protected"]["identity"][:] = np.nan
    resampler = Resampler(("case",), draws=50)
    for metric, value in ((VerificationAuc, 0.5), (VerificationEer, 0.5), (VerificationTar, 0.0)):
        naive = next(e for e in metric().estimates(seen, resampler) if e.group == "attacker=naive")
        assert naive.value == pytest.approx(value)


def test_too_few_strangers_show_no_far_of_one_in_a_thousand():
    tar = VerificationTar().estimates(seen_of(subjects=5, images=3), Resampler(("case",), draws=50))
    assert np.isnan(tar[1].value) and tar[1].degenerate and tar[1].interval == "none"


def test_order_of_the_rows_does_not_matter():
    rng = np.random.default_rng(3)
    mixed = seen_of(subjects=30, images=6, order=rng.permutation(180))
    resampler = Resampler(("case",), draws=50)
    for one, other in zip(
        VerificationAuc().estimates(SEEN, resampler),
        VerificationAuc().estimates(mixed, resampler),
        strict=True,
    ):
        assert (one.group, one.value, one.low) == pytest.approx((other.group, other.value, other.low))


def test_failed_samples_are_read_both_ways():
    seen = seen_of(subjects=30, images=6, failed=range(0, 180, 3))
    found = VerificationAuc().estimates(seen, Resampler(("case",), draws=50))
    naive = {e.reading: e for e in found if e.group == "attacker=naive"}
    assert naive["excluded"].n == 120 and naive["unprotected"].n == 180
    assert naive["unprotected"].value > naive["excluded"].value
