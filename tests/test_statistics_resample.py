"""Draws: how many, how seeded, whose."""

from __future__ import annotations

import numpy as np
import pytest
from metric_cases import seen_of

from medbench.core import MedbenchError
from medbench.metrics.statistics.clusters import clusters_of
from medbench.metrics.statistics.resample import Resampler


@pytest.mark.parametrize("draws", [1, 1500, 2000])
def test_draws_made_are_draws_asked(draws):
    counts = Resampler(("suite", "0"), draws=draws).counts(17)
    assert counts.shape == (draws, 17)
    assert (counts.sum(axis=1) == 17).all()


def test_names_alone_decide_the_draws():
    first, again = Resampler(("suite", "0")).counts(9), Resampler(("suite", "0")).counts(9)
    assert (first == again).all()
    assert (first != Resampler(("suite", "1")).counts(9)).any()
    assert (Resampler(("a", "bc"), 5).counts(9) != Resampler(("ab", "c"), 5).counts(9)).any()


def test_counts_are_multinomial():
    counts = Resampler(("law",), draws=20_000).counts(5)
    assert counts.mean(axis=0) == pytest.approx(np.ones(5), abs=0.03)
    assert counts.var(axis=0) == pytest.approx(np.full(5, 0.8), abs=0.03)
    assert np.cov(counts.T)[0, 1] == pytest.approx(-0.2, abs=0.03)


def test_a_suite_without_subjects_resamples_images():
    clusters = clusters_of(seen_of(with_subject=False))
    assert (clusters.unit, clusters.count) == ("image", 180)


def test_a_missing_subject_raises_with_the_sample():
    seen = seen_of(subjects=4, images=2)
    seen.truth.loc[3, "subject"] = None
    with pytest.raises(MedbenchError, match=r"s0003 has no subject"):
        clusters_of(seen)


def test_taking_samples_renumbers_subjects():
    keep = np.zeros(180, dtype=bool)
    keep[[0, 1, 12, 179]] = True
    taken = clusters_of(seen_of()).take(keep)
    assert taken.codes.tolist() == [0, 0, 1, 2]
    assert taken.sums(np.array([[1.0], [2.0], [4.0], [8.0]])).ravel().tolist() == [3, 4, 8]
