"""AUROC and its spread against scikit-learn, a weighted loop, and DeLong's formula."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import rankdata
from sklearn.metrics import roc_auc_score

from medbench.metrics.statistics.auroc import auroc_draws
from medbench.metrics.statistics.clusters import Clusters
from medbench.metrics.statistics.resample import Resampler

RNG = np.random.default_rng(0)
POSITIVE = RNG.random(400) < 0.3
SCORES = (RNG.normal(size=400) + POSITIVE).round(1)


def test_every_draw_is_scikit_learns_with_ties():
    owner = RNG.integers(0, 60, 400)
    resampler = Resampler(("auroc",), draws=25)
    found = auroc_draws(SCORES, POSITIVE, Clusters(owner, 60, "subject"), resampler)
    assert found[0] == pytest.approx(roc_auc_score(POSITIVE, SCORES), abs=1e-12)
    for area, counts in zip(found[1:], resampler.counts(60), strict=True):
        assert area == pytest.approx(roc_auc_score(POSITIVE, SCORES, sample_weight=counts[owner]), abs=1e-12)


def test_spread_is_delongs_where_images_are_independent():
    draws = auroc_draws(SCORES, POSITIVE, Clusters(np.arange(400), 400, "image"), Resampler(("d",), 4000))
    whole, up, down = rankdata(SCORES), rankdata(SCORES[POSITIVE]), rankdata(SCORES[~POSITIVE])
    m, n = len(up), len(down)
    of_positives = (whole[POSITIVE] - up) / n
    of_negatives = 1 - (whole[~POSITIVE] - down) / m
    delong = np.sqrt(of_positives.var(ddof=1) / m + of_negatives.var(ddof=1) / n)
    assert draws[1:].std() == pytest.approx(delong, rel=0.05)


def test_one_class_alone_has_no_area():
    found = auroc_draws(
        SCORES, np.ones(400, bool), Clusters(np.arange(400), 400, "image"), Resampler(("o",), 5)
    )
    assert np.isnan(found).all()
