"""Rank stability against scipy's ranks in a loop; detectable differences against simulation."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from medbench.metrics.statistics.clusters import Clusters
from medbench.metrics.statistics.detectable import (
    detectable_change_of_share,
    detectable_difference,
    minimum_detectable,
)
from medbench.metrics.statistics.rank_stability import rank_stability
from medbench.metrics.statistics.resample import Resampler

OWNER = np.repeat(np.arange(30), 4)
PEOPLE = Clusters(OWNER, 30, "subject")
RNG = np.random.default_rng(0)
HARD = RNG.normal(size=120)
SAMPLES = {
    "best": HARD + 2,
    "second": HARD + 0.1 * RNG.normal(size=30)[OWNER] + 0.01,
    "third": HARD + 0.1 * RNG.normal(size=30)[OWNER],
    "last": HARD - 2,
}


def test_standings_are_ranks_of_the_drawn_subjects_means():
    resampler = Resampler(("rank",), draws=200)
    found = rank_stability(SAMPLES, PEOPLE, resampler, higher_is_better=True)
    counts = resampler.counts(30)[:, OWNER]
    means = np.stack([counts @ values / counts.sum(axis=1) for values in SAMPLES.values()], axis=1)
    ranks = stats.rankdata(-means, axis=1)
    whole = stats.rankdata([-values.mean() for values in SAMPLES.values()])
    for k, (name, standing) in enumerate(found.standings.items()):
        low, high = np.quantile(ranks[:, k], [0.025, 0.975], method="nearest")
        assert (standing.rank, standing.low, standing.high) == (whole[k], low, high), name
        assert standing.first == pytest.approx((ranks[:, k] == 1).mean())
    taus = [stats.kendalltau(row, whole).statistic for row in ranks]
    assert found.tau == pytest.approx(np.mean(taus), abs=1e-12)
    assert found.standings["best"].first == 1 and found.n == 120


def test_direction_turns_the_ranking():
    up = rank_stability(SAMPLES, PEOPLE, Resampler(("r",), 50), higher_is_better=True)
    down = rank_stability(SAMPLES, PEOPLE, Resampler(("r",), 50), higher_is_better=False)
    assert up.standings["best"].rank == 1 and down.standings["best"].rank == 4
    assert up.tau == pytest.approx(down.tau)


def test_equal_methods_share_a_rank_and_have_no_tau():
    same = {"one": HARD, "other": HARD.copy()}
    found = rank_stability(same, PEOPLE, Resampler(("r",), 50), higher_is_better=True)
    assert [s.rank for s in found.standings.values()] == [1.5, 1.5]
    assert np.isnan(found.tau)


def test_only_samples_that_all_scored_count():
    gaps = {**SAMPLES, "last": np.where(np.arange(120) < 100, SAMPLES["last"], np.nan)}
    assert rank_stability(gaps, PEOPLE, Resampler(("r",), 20), higher_is_better=True).n == 100
    nothing = {"a": np.full(120, np.nan), "b": HARD}
    assert rank_stability(nothing, PEOPLE, Resampler(("r",), 20), higher_is_better=True).n == 0


def test_textbook_value():
    # 80 % power at 5 %: 2.8016 standard errors.
    assert minimum_detectable(1.0) == pytest.approx(2.80159, abs=1e-5)


def test_a_difference_of_that_size_is_found_in_four_suites_of_five():
    rng = np.random.default_rng(1)
    alone = Clusters(np.arange(80), 80, "image")
    size = 2.80159 * np.sqrt(0.5) / np.sqrt(80)
    apart = rng.normal(size, np.sqrt(0.5), (1500, 80))
    found = np.mean(stats.ttest_1samp(apart, 0, axis=1).pvalue < 0.05)
    assert found == pytest.approx(0.8, abs=0.03)
    told = detectable_difference(apart[0], np.zeros(80), alone)
    assert told == pytest.approx(2.80159 * apart[0].std(ddof=1) / np.sqrt(80), rel=1e-5)


def test_images_of_one_person_find_less_than_as_many_people():
    first = RNG.normal(size=30)[OWNER] + 0.1 * RNG.normal(size=120)
    alone = Clusters(np.arange(120), 120, "image")
    zeros = np.zeros(120)
    assert detectable_difference(first, zeros, PEOPLE) > 1.5 * detectable_difference(first, zeros, alone)
    assert detectable_change_of_share(0.9, 129, clumping=2) > detectable_change_of_share(0.9, 129)
    assert np.isnan(detectable_difference(first[:4], zeros[:4], Clusters(np.zeros(4, int), 1, "subject")))
