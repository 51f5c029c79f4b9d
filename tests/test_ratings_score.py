"""Kappas of graders' sheets: by hand, and against other implementations."""

from __future__ import annotations

import csv
import json
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest

from medbench.metrics.statistics.resample import Resampler
from medbench.ratings.arms import kappa_difference
from medbench.ratings.wald import wald_interval


def own_sheet(file, pairs, graders=("A",), arm="ours", subjects=None):
    """``pairs``: for each image the original's and the protected picture's grade, by grader."""
    rows = ["grader,image,arm,subject,diagnosis"]
    for image, readings in enumerate(pairs):
        whose = subjects[image] if subjects else f"s{image}"
        for grader, (original, protected) in zip(graders, readings, strict=True):
            rows.append(f"{grader},{image},original,{whose},{original}")
            rows.append(f"{grader},{image},{arm},{whose},{protected}")
    file.write_text("\n".join(rows))
    return file


def scored(call, file, ask="diagnosis=BCC,TAO"):
    code, out, err = call("ratings", "score", file, "--ask", ask, "--json")
    assert code == 0, err
    found = json.loads(out)
    return found, {(f["arm"], f["reader"], f["figure"], f["grade"]): f for f in found["figures"]}


def test_cohens_textbook_kappa(call, tmp_path):
    """20 and 15 of 50 agree: observed 0.7, expected 0.5, kappa 0.4; SE by hand 0.1265..."""
    pairs = [("BCC", "BCC")] * 20 + [("BCC", "TAO")] * 5 + [("TAO", "BCC")] * 10 + [("TAO", "TAO")] * 15
    found, figures = scored(call, own_sheet(tmp_path / "s.csv", [[pair] for pair in pairs]))
    assert found["confusions"][0]["original_down"] == [[20, 5], [10, 15]]
    kappa = figures["ours", "majority", "kappa", "all"]
    assert kappa["value"] == pytest.approx(0.4, abs=1e-12)
    assert kappa["n"] == 50 and kappa["low"] < 0.4 < kappa["high"]
    assert figures["ours", "A", "kappa", "all"]["value"] == pytest.approx(0.4, abs=1e-12)
    assert figures["ours", "majority", "kappa", "BCC"]["value"] == pytest.approx(0.4, abs=1e-12)
    assert figures["ours", "majority", "sensitivity", "BCC"]["value"] == pytest.approx(20 / 25)
    assert figures["ours", "majority", "sensitivity", "TAO"]["value"] == pytest.approx(15 / 25)


def test_three_graders_vote_and_a_shared_first_place_is_left_out(call, tmp_path):
    """By hand: votes BCC-BCC, BCC-TAO, TAO-TAO, TAO-TAO; the last image has three different readings."""
    b, t, n = "BCC", "TAO", "Normal"
    pairs = [
        [(b, b), (b, b), (t, t)],
        [(b, t), (b, t), (b, b)],
        [(t, t), (t, t), (t, b)],
        [(t, t), (b, t), (t, t)],
        [(b, b), (t, b), (n, b)],
    ]
    file = own_sheet(tmp_path / "s.csv", pairs, ("A", "B", "C"))
    found, figures = scored(call, file, "diagnosis=BCC,TAO,Normal")
    confusion = found["confusions"][0]
    assert confusion["without_majority"] == 1
    assert confusion["original_down"] == [[1, 1, 0], [0, 2, 0], [0, 0, 0]]
    # observed 3/4, expected (2*1 + 2*3) / 16 = 1/2
    assert figures["ours", "majority", "kappa", "all"]["value"] == pytest.approx(0.5, abs=1e-12)
    # votes of the originals (2,1,0) (3,0,0) (0,3,0) (1,2,0) (1,1,1): mean pair agreement 8/15,
    # shares 7/15, 7/15, 1/15 of squares 99/225
    fleiss = (8 / 15 - 99 / 225) / (1 - 99 / 225)
    among = figures["original", "between graders", "fleiss_kappa", "all"]["value"]
    assert among == pytest.approx(fleiss, abs=1e-12)


def test_ordered_grades_have_a_weighted_kappa(call, tmp_path):
    from sklearn.metrics import cohen_kappa_score

    rng = np.random.default_rng(2)
    original = rng.integers(0, 4, 80)
    protected = np.clip(original + rng.integers(-1, 2, 80), 0, 3)
    pairs = [[(f"g{o}", f"g{p}")] for o, p in zip(original, protected, strict=True)]
    _, figures = scored(call, own_sheet(tmp_path / "s.csv", pairs), "diagnosis=g0<g1<g2<g3")
    value = figures["ours", "majority", "kappa_quadratic", "all"]["value"]
    assert value == pytest.approx(cohen_kappa_score(original, protected, weights="quadratic"), abs=1e-12)


def test_patients_with_several_images_are_resampled_whole(call, tmp_path):
    rng = np.random.default_rng(3)
    pairs, subjects = [], []
    for patient in range(30):
        protected = "BCC" if rng.random() < 0.6 else "TAO"
        pairs += [[("BCC" if patient % 2 else "TAO", protected)]] * 4
        subjects += [f"p{patient}"] * 4
    alone, whole = (
        scored(call, own_sheet(tmp_path / f"{name}.csv", pairs, subjects=who))
        for name, who in (("a", None), ("b", subjects))
    )
    assert (alone[0]["subjects"], whole[0]["subjects"]) == (120, 30)
    widths = [
        f["ours", "majority", "kappa", "all"]["high"] - f["ours", "majority", "kappa", "all"]["low"]
        for _, f in (alone, whole)
    ]
    assert widths[1] / widths[0] == pytest.approx(2.0, rel=0.2)


@pytest.mark.parametrize("weighting", [None, "linear", "quadratic"])
def test_walds_interval_is_that_of_statsmodels(weighting):
    inter_rater = pytest.importorskip("statsmodels.stats.inter_rater")
    counts = np.random.default_rng(4).integers(1, 20, (4, 4))
    told = inter_rater.cohens_kappa(counts, wt=weighting)
    assert wald_interval(counts, weighting) == pytest.approx((told.kappa_low, told.kappa_upp), abs=1e-9)


def test_walds_interval_is_not_clipped_as_in_the_papers():
    low, high = wald_interval(np.array([[30, 1], [0, 30]]))
    assert low < 1 < high


def test_simulated_graders_go_the_whole_way(call, tmp_path):
    study, key = tmp_path / "study", tmp_path / "key.csv"
    made = ("ratings", "simulate", "--out", study, "--key", key, "--limit", "80", "--lost", "0,0.5")
    assert call(*made)[0] == 0
    code, out, _ = call("ratings", "score", study, "--key", key, "--out", tmp_path / "figures")
    assert code == 0 and "simulated graders" in out
    found = json.loads((tmp_path / "figures/figures.json").read_text())
    assert "simulated" in found["note"]
    kappas = {
        f["arm"]: f["value"]
        for f in found["figures"]
        if (f["question"], f["reader"], f["figure"], f["grade"]) == ("diagnosis", "majority", "kappa", "all")
    }
    assert kappas["gentle"] > 0.9 > 0.6 > kappas["harsh"]
    with (tmp_path / "figures/figures.csv").open() as file:
        assert len(list(csv.DictReader(file))) == len(found["figures"])
    plots = list((tmp_path / "figures").glob("*.svg"))
    assert len(plots) == 4 * 2 + 4 * 2
    for plot in plots:
        ElementTree.parse(plot)
    code, _, err = call(*made)
    assert code == 2 and "already" in err


def test_two_protections_are_compared_on_the_same_images():
    """10 subjects: the first arm always agrees (kappa 1), the second is turned round in 4 (kappa 0.2)."""
    same, turned = np.zeros((10, 2, 2)), np.zeros((10, 2, 2))
    for subject in range(10):
        truth = subject % 2
        same[subject, truth, truth] = 1
        turned[subject, truth, 1 - truth if subject < 4 else truth] = 1
    found = kappa_difference(same, turned, Resampler(("tests",), 20_000), 10)
    assert found.value == pytest.approx(1 - 0.2, abs=1e-12)
    assert found.low < 0.8 <= found.high
    # Only the 4 that differ can be swapped: all or none of them reach as far, 2 ways of 16.
    assert found.p == pytest.approx(2 / 16, abs=0.01)
    none = kappa_difference(same, same, Resampler(("tests",), 1000), 10)
    assert none.value == 0 and none.p == 1.0 and none.degenerate


def test_perfect_graders_of_a_lossless_protection_agree_fully(call, tmp_path):
    study, key = tmp_path / "study", tmp_path / "key.csv"
    more = ("--limit", "32", "--slip", "0", "--lost", "0", "--arms", "none", "--graders", "2")
    assert call("ratings", "simulate", "--out", study, "--key", key, *more)[0] == 0
    found = json.loads(call("ratings", "score", study, "--key", key, "--json")[1])
    values = {f["value"] for f in found["figures"] if f["figure"] in ("kappa", "fleiss_kappa")}
    assert values == {1.0}


def test_hostile_names_are_text_in_plots(call, tmp_path):
    pairs = [[("BCC", "BCC")]] * 3 + [[("TAO", "BCC")]] * 2
    file = own_sheet(tmp_path / "s.csv", pairs, arm="<script>alert(1)</script>")
    assert call("ratings", "score", file, "--ask", "diagnosis=BCC,TAO", "--out", tmp_path / "f")[0] == 0
    for plot in (tmp_path / "f").glob("*.svg"):
        assert "<script" not in plot.read_text()
    assert all("/" not in path.name and "<" not in path.name for path in (tmp_path / "f").iterdir())


def test_sheets_of_ones_own_need_their_questions(call, tmp_path):
    file = own_sheet(tmp_path / "s.csv", [[("BCC", "BCC")]])
    code, _, err = call("ratings", "score", file)
    assert code == 2 and "--ask" in err
