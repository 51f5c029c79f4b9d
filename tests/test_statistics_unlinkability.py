"""D_sys against a case worked by hand, its ends, and the level that chance gives."""

from __future__ import annotations

import numpy as np
import pytest

from medbench.metrics.attacks.linkability import linkability
from medbench.metrics.statistics.clusters import Clusters
from medbench.metrics.statistics.resample import Resampler
from medbench.metrics.statistics.unlinkability import d_sys, linkability_edges, shares


def test_a_case_by_hand():
    """LR = 3 in the first bin: D = 2 * 3 / 4 - 1 = 1/2, held by 3/4 of the mated; LR < 1 in the second."""
    assert d_sys(np.array([0.75, 0.25]), np.array([0.25, 0.75])) == pytest.approx(0.75 * 0.5)


def test_three_bins_by_hand():
    """LR = 8, 1 and 1/8: D = 7/9, 0 and 0."""
    mated, others = np.array([0.8, 0.1, 0.1]), np.array([0.1, 0.1, 0.8])
    assert d_sys(mated, others) == pytest.approx(0.8 * 7 / 9)


def test_alike_is_unlinkable_and_apart_is_linked():
    rows = np.array([[0.5, 0.5, 0.0], [1.0, 0.0, 0.0]])
    assert d_sys(rows, np.array([[0.5, 0.5, 0.0], [0.0, 0.3, 0.7]])) == pytest.approx([0.0, 1.0])


def test_two_normal_distributions_come_near_the_integral():
    from scipy.integrate import quad
    from scipy.stats import norm

    def integrand(d):
        m, s = norm.pdf(d, 0, 1), norm.pdf(d, 1.5, 1)
        return m * max(0.0, (m - s) / (m + s))

    wanted = quad(integrand, -8, 8, points=[0.75])[0]
    rng = np.random.default_rng(0)
    mated, others = np.sort(rng.normal(0, 1, 200_000)), np.sort(rng.normal(1.5, 1, 200_000))
    edges = linkability_edges(mated, others, bins=40)
    assert d_sys(shares(mated, edges), shares(others, edges)) == pytest.approx(wanted, abs=0.01)


def test_bins_hold_equal_shares_and_unseen_faces_come_last():
    mated = np.sort(np.append(np.linspace(0, 1, 90), np.full(10, np.inf)))
    edges = linkability_edges(mated, mated)
    assert edges[-1] == np.inf and len(edges) <= 20
    found = shares(mated, edges)
    assert found.sum() == pytest.approx(1) and found[-1] >= 0.1 and found[:-1].max() < 0.12


@pytest.mark.parametrize("signal", [0.0, 5.0])
def test_the_floor_is_what_chance_gives(signal):
    rng = np.random.default_rng(3)
    codes = np.repeat(np.arange(25), 6)
    people = rng.normal(size=(25, 8)) * signal
    left, right = (people[codes] + rng.normal(size=(150, 8)) for _ in range(2))
    found = linkability(left, right, Clusters(codes, 25, "subject"), Resampler(("t",), 200))
    low, high = np.quantile(found.draws, [0.025, 0.975])
    assert low <= found.value <= high
    assert 0 < found.floor < 0.06
    if signal:
        assert found.value > 0.9
    else:
        assert found.value < 0.1 and low <= found.floor <= high


def test_without_a_genuine_pair_there_is_no_figure():
    left = np.eye(4)
    found = linkability(left, left + 0.1, Clusters(np.arange(4), 4, "image"), Resampler(("t",), 10))
    assert np.isnan(found.value) and found.floor is None
