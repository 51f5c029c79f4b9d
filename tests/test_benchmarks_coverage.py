"""The simulated worlds have the truths they claim, and the page tells passes from failures."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import cohen_kappa_score, recall_score, roc_auc_score

from medbench.metrics.statistics.clusters import Clusters


@pytest.fixture(autouse=True)
def _root(monkeypatch):
    monkeypatch.syspath_prepend(str(Path(__file__).parents[1]))


def test_worlds_have_their_truths():
    from benchmarks.coverage.worlds import CLASSES, TRUTH, draw

    owner = np.repeat(np.arange(40_000), 2)
    suite = draw(Clusters(owner, 40_000, "subject"), np.random.default_rng(0))
    disease, told = np.divmod(suite.cells, CLASSES)
    assert suite.hits.mean() == pytest.approx(TRUTH["accuracy"], abs=0.006)
    right = np.where(suite.hits == 1, disease, CLASSES)
    recalls = recall_score(disease, right, labels=range(CLASSES), average="macro")
    assert recalls == pytest.approx(TRUTH["macro accuracy"], abs=0.006)
    assert cohen_kappa_score(disease, told) == pytest.approx(TRUTH["kappa"], abs=0.008)
    assert suite.distances.mean() == pytest.approx(TRUTH["id_dis"], abs=0.008)
    assert suite.dice.mean() == pytest.approx(TRUTH["dice"], abs=0.006)
    assert roc_auc_score(suite.positive, suite.scores) == pytest.approx(TRUTH["auroc"], abs=0.006)
    both = np.corrcoef(suite.distances[::2], suite.distances[1::2])[0, 1]
    assert 0.3 < both < 0.45, "images of a person are alike"


def test_people_have_all_images():
    from benchmarks.coverage.worlds import people

    for n, clustered, count in ((129, False, 129), (129, True, 43), (4578, True, 900)):
        found = people(n, clustered)
        assert (len(found.codes), found.count) == (n, count)
        assert np.bincount(found.codes).min() >= 1


def test_a_piece_counts_every_interval_and_repeats_itself():
    from benchmarks.coverage.__main__ import piece
    from benchmarks.coverage.page import FIGURES

    found, again = (piece(129, True, 0, 3, 60) for _ in range(2))
    pd.testing.assert_frame_equal(found, again)
    made = set(found[["figure", "interval"]].itertuples(index=False, name=None))
    assert {(figure, default) for figure, (_, default) in FIGURES.items()} <= made
    assert (found["held"] + found["below"] + found["above"] <= found["suites"]).all()
    assert (found["suites"] <= 3).all()


def test_the_page_names_what_fails_and_what_is_better():
    from benchmarks.coverage.page import FIGURES, WORLDS, page

    def row(figure, interval, world, share):
        n, clustered = world
        return (n, clustered, 0, figure, interval, 1000, share * 10, 0, 0, 100.0)

    columns = ["n", "clustered", "piece", "figure", "interval", "suites", "held", "below", "above", "width"]
    rows = [row(f, i, w, 95) for f, (_, d) in FIGURES.items() for i in {d, "percentile"} for w in WORLDS]
    counts = pd.DataFrame(rows, columns=columns)
    auroc, small = counts["figure"] == "auroc", (counts["n"] == 129) & counts["clustered"]
    counts.loc[auroc & small & (counts["interval"] == "percentile"), "held"] = 900
    counts.loc[(counts["figure"] == "kappa") & small, "held"] = 985
    text = page(counts, 1000, 60)
    assert "90.0 % ✗" in text and "Not so `percentile`." in text
    assert "`percentile`, which is given, fails with 129 images of 43 people: 98.5 %" in text
    assert "Here 1,000 suites" in text and "(of" not in text.split("##")[0]
    assert "1,000 (of 2,000 asked)" in page(counts, 2000, 60)
