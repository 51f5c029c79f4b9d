"""Distances between sets, lids and eyelids, DeLong: hand-worked numbers and properties."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from metric_cases import seen_of
from scipy.linalg import sqrtm
from scipy.stats import mannwhitneyu, wasserstein_distance

from medbench.core import DISEASES
from medbench.metrics.accuracy import truth_codes
from medbench.metrics.discrimination_delong import DiagnosisAurocDelong
from medbench.metrics.distribution import FrechetIdentity, KernelIdentity
from medbench.metrics.keypoints import EyelidError, IrisError
from medbench.metrics.lid_aperture import LidHeight, apertures
from medbench.metrics.statistics.auroc import auroc_draws
from medbench.metrics.statistics.clusters import Clusters, clusters_of
from medbench.metrics.statistics.delong import delong, delong_test, wald
from medbench.metrics.statistics.frechet import frechet_distance, kernel_distance
from medbench.metrics.statistics.jackknife import jackknife_interval
from medbench.metrics.statistics.resample import Resampler
from medbench.metrics.statistics.wasserstein import category_distance, line_distance
from medbench.metrics.wasserstein import WassersteinDisease

RESAMPLER = Resampler(("sets",), draws=60)


def test_frechet_of_one_dimension_by_hand():
    left, right = np.array([[0.0], [2.0]]), np.array([[3.0], [9.0]])
    assert frechet_distance(left, right) == pytest.approx(25 + (np.sqrt(2) - np.sqrt(18)) ** 2)


def test_frechet_by_the_matrix_root():
    rng = np.random.default_rng(0)
    left, right = rng.normal(size=(50, 5)), rng.normal(size=(60, 5)) @ rng.normal(size=(5, 5)) + 1
    covariances = [np.cov(side, rowvar=False) for side in (left, right)]
    root = sqrtm(covariances[0] @ covariances[1]).real
    apart = left.mean(axis=0) - right.mean(axis=0)
    wanted = apart @ apart + np.trace(covariances[0] + covariances[1] - 2 * root)
    assert frechet_distance(left, right) == pytest.approx(wanted)
    assert frechet_distance(left, left) == pytest.approx(0, abs=1e-9)


def test_kernel_distance_by_a_loop():
    left, right = np.random.default_rng(1).normal(size=(2, 6, 3))
    kernel = lambda a, b: (a @ b / 3 + 1) ** 3  # noqa: E731
    within = sum(kernel(s[i], s[j]) for s in (left, right) for i in range(6) for j in range(6) if i != j) / 30
    between = np.mean([kernel(a, b) for a in left for b in right])
    assert kernel_distance(left, right) == pytest.approx(within - 2 * between)


def test_line_and_category_distances():
    left, right = np.random.default_rng(2).normal(size=(2, 40))
    assert line_distance(left, right) == pytest.approx(wasserstein_distance(left, right))
    assert category_distance(np.array([0, 0, 1, 2]), np.array([0, 1, 1, 1])) == 0.5
    assert category_distance(np.array([0, 1, 2]), np.array([2, 0, 1])) == 0


def test_equal_sets_are_at_no_distance_and_order_does_not_matter():
    seen = seen_of()
    same = replace(seen, roles={**seen.roles, "protected": seen.roles["original"]})
    for metric in (FrechetIdentity, WassersteinDisease):
        (found,) = metric().estimates(same, RESAMPLER)
        assert found.value == pytest.approx(0, abs=1e-9) and found.interval == "jackknife/subject"
    (kernel,) = KernelIdentity().estimates(same, RESAMPLER)
    # The unbiased estimate of 0 lies a little below it where both sets hold the same images.
    assert -0.1 < kernel.value < 0
    shuffled = seen_of(order=np.random.default_rng(0).permutation(180))
    (mixed,) = FrechetIdentity().estimates(shuffled, RESAMPLER)
    assert mixed.value == pytest.approx(FrechetIdentity().estimates(seen, RESAMPLER)[0].value)


def test_jackknife_covers_a_mean():
    held = 0
    for number in range(300):
        rng = np.random.default_rng(number)
        values = rng.exponential(size=200) + np.repeat(rng.normal(size=50), 4)
        clusters = Clusters(np.repeat(np.arange(50), 4), 50, "subject")
        low, high = jackknife_interval(values.mean(), lambda rows, v=values: v[rows].mean(), clusters, rng)
        held += low <= 1 <= high
    assert 0.91 < held / 300 < 0.98


def test_delong_by_hand():
    # Positives 3, 2; negatives 1, 2, 0: the pair (2, 2) ties.
    scores, positive = np.array([[3.0, 2.0, 1.0, 2.0, 0.0]]), np.array([1, 1, 0, 0, 0], dtype=bool)
    areas, covariance = delong(scores, positive, np.arange(5))
    assert areas[0] == pytest.approx(5.5 / 6)
    of_positives, of_negatives = np.array([1, 2.5 / 3]), np.array([1, 0.75, 1])
    assert covariance[0, 0] == pytest.approx(of_positives.var(ddof=1) / 2 + of_negatives.var(ddof=1) / 3)


def test_delong_of_repeated_people_is_wider_and_covers():
    held = {"subject": 0, "image": 0}
    for number in range(250):
        rng = np.random.default_rng(number)
        person = np.repeat(np.arange(30), 4)
        truth = np.tile([True, True, False, False], 30)
        own = rng.normal(size=(30, 2))[person, truth.astype(int)]
        scores = own + truth + rng.normal(size=120) * 0.3
        for unit, codes in (("subject", person), ("image", np.arange(120))):
            area, covariance = delong(scores[None], truth, codes)
            low, high = wald(area[0], covariance[0, 0])
            held[unit] += low <= 0.7508 <= high
    assert 0.90 < held["subject"] / 250 < 0.98
    assert held["image"] + 12 < held["subject"]


def test_delong_test_tells_a_better_reader_and_not_an_equal_one():
    rng = np.random.default_rng(3)
    truth = rng.random(400) < 0.5
    good, poor = truth + rng.normal(size=400) * 0.8, truth + rng.normal(size=400) * 3
    apart, p = delong_test(*delong(np.stack([good, poor]), truth, np.arange(400)))
    area = mannwhitneyu(good[truth], good[~truth]).statistic / (truth.sum() * (~truth).sum())
    assert (
        apart > 0.1
        and p < 1e-6
        and area - apart
        == pytest.approx(mannwhitneyu(poor[truth], poor[~truth]).statistic / (truth.sum() * (~truth).sum()))
    )
    assert delong_test(*delong(np.stack([good, good]), truth, np.arange(400))) == (0, 1)


def test_delong_beside_the_bootstrap():
    seen = seen_of()
    codes, told, clusters = truth_codes(seen), seen.column("protected.diagnosis"), clusters_of(seen)
    found = {e.group: e for e in DiagnosisAurocDelong().estimates(seen, RESAMPLER)}
    for code, disease in enumerate(DISEASES):
        areas = auroc_draws(told[:, code], codes == code, clusters, Resampler(("delong",), draws=1500))
        estimate, (_, covariance) = (
            found[f"class={disease}"],
            delong(told[None, :, code], codes == code, clusters.codes),
        )
        assert estimate.value == pytest.approx(areas[0])
        assert np.sqrt(covariance[0, 0]) == pytest.approx(areas[1:].std(), rel=0.12, abs=5e-4)
        assert (estimate.low, estimate.high) == wald(estimate.value, covariance[0, 0])
        assert estimate.interval == "delong/subject"


def eye_points(opening):
    """68 points of which both eyes are 10 wide and open by ``opening`` pixels."""
    points = np.zeros((1, 68, 2))
    for first, left in ((36, 0.0), (42, 30.0)):
        xs, ys = [0, 3, 7, 10, 7, 3], np.array([0, -1, -1, 0, 1, 1]) * opening / 2
        points[0, first : first + 6] = np.stack([left + np.array(xs), ys], axis=1)
    return points


def test_lids_by_hand():
    assert apertures(eye_points(4.0)) == pytest.approx(np.full((1, 2), 0.4))
    openings = np.linspace(1, 6, 12)
    points = np.concatenate([eye_points(o) for o in openings])
    seen = seen_of(subjects=2, images=6)
    truth = seen.truth.assign(mrd1_right=openings * 0.9 + 0.2, mrd1_left=openings * 0.9 + 0.2)
    roles = {"original": {"landmarks": points}, "protected": {"landmarks": points * 1.0}}
    roles["protected"]["landmarks"] = np.concatenate([eye_points(o + 1) for o in openings])
    seen = replace(seen, truth=truth, roles=roles)
    frozen = LidHeight().calibrate(seen)
    assert frozen["mrd1_slope"] == pytest.approx(9) and frozen["mrd1_offset"] == pytest.approx(0.2)
    found = {e.group: e.value for e in LidHeight().estimates(replace(seen, calibration=frozen), RESAMPLER)}
    assert found["untouched"] == pytest.approx(0, abs=1e-9)
    assert found["all"] == pytest.approx(0.9) and found["change"] == pytest.approx(0.9)


def test_eyelids_and_irises_are_measured_in_eye_widths():
    seen = seen_of(subjects=2, images=6)
    points = np.repeat(eye_points(4.0), 12, axis=0)
    irises = np.zeros((12, 2, 2))
    roles = {
        "original": {"landmarks": points, "iris": irises},
        "protected": {"landmarks": points + np.array([3.0, 4.0]), "iris": irises + np.array([0.0, 2.0])},
    }
    seen = replace(seen, roles=roles)
    assert EyelidError().estimates(seen, RESAMPLER)[0].value == pytest.approx(0.5)
    assert IrisError().estimates(seen, RESAMPLER)[0].value == pytest.approx(0.2)
    larger = replace(seen, roles={r: {k: v * 3 for k, v in c.items()} for r, c in roles.items()})
    assert EyelidError().estimates(larger, RESAMPLER)[0].value == pytest.approx(0.5)
