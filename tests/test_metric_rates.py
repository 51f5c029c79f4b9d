"""Rates, correlation, hallucination and sides: hand-worked numbers on a dozen images."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from metric_cases import seen_of
from sklearn.metrics import matthews_corrcoef, precision_recall_fscore_support

from medbench.core import DISEASES, Seen
from medbench.metrics.class_rates import (
    DiagnosisNpv,
    DiagnosisPpv,
    DiagnosisSensitivity,
    DiagnosisSpecificity,
)
from medbench.metrics.confusion import DiagnosisConfusion
from medbench.metrics.hallucination import ErasedDisease, HallucinatedDisease
from medbench.metrics.matthews_correlation import DiagnosisMcc
from medbench.metrics.non_inferiority import DiagnosisNonInferiority
from medbench.metrics.sides import SideSwap
from medbench.metrics.sign_agreement import SignKappa
from medbench.metrics.statistics.resample import Resampler

RESAMPLER = Resampler(("rates",), draws=100)


def world(truth, before, after, failed=(), side=None, **sides):
    """Images whose diagnoses are written out: names, or None where nothing is seen."""
    n = len(truth)
    rows = {name: np.eye(8)[k] for k, name in enumerate(DISEASES)} | {None: np.full(8, np.nan)}
    roles = {
        role: {"diagnosis": np.array([rows[name] for name in names])}
        for role, names in (("original", before), ("protected", after))
    }
    for role, values in sides.items():
        roles[role]["side"] = np.array(values, dtype=float)[:, None]
    mask = np.isin(np.arange(n), failed)
    frame = pd.DataFrame(
        {"id": [f"i{k}" for k in range(n)], "subject": [f"s{k}" for k in range(n)], "disease": truth}
    )
    if side:
        frame["side"] = list(side)
    return Seen(tuple(frame["id"]), frame, roles, mask, {"margin_diagnosis": 0.05})


def figures(metric, seen, reading="excluded"):
    return {e.group: e for e in metric().estimates(seen, RESAMPLER) if e.reading == reading}


TRUTH = ["Normal"] * 4 + ["BCC"] * 4 + ["TAO"] * 2
BEFORE = ["Normal"] * 3 + ["TAO"] + ["BCC"] * 4 + ["TAO", "Normal"]
AFTER = ["Normal", "BCC", "Normal", "TAO", "BCC", "BCC", "Normal", None, "TAO", "TAO"]


def test_rates_by_hand():
    seen = world(TRUTH, BEFORE, AFTER)
    sensitivity = figures(DiagnosisSensitivity, seen)
    assert sensitivity["class=BCC"].value == 2 / 4 and sensitivity["class=BCC"].n == 4
    assert sensitivity["class=Normal"].value == 2 / 4
    assert sensitivity["class=TAO"].value == 1
    assert sensitivity["class=TAO"].interval == "clopper-pearson/subject"
    assert sensitivity["all"].value == pytest.approx((0.5 + 0.5 + 1) / 3)
    assert sensitivity["any_disease"].value == 4 / 6
    specificity = figures(DiagnosisSpecificity, seen)
    assert specificity["class=BCC"].value == 5 / 6
    assert specificity["any_disease"].value == 2 / 4
    ppv = figures(DiagnosisPpv, seen)
    assert ppv["class=BCC"].value == 2 / 3 and ppv["class=TAO"].value == 2 / 3
    assert ppv["any_disease"].value == 4 / 6
    npv = figures(DiagnosisNpv, seen)
    assert npv["class=BCC"].value == 5 / 7
    assert npv["any_disease"].value == 2 / 4


def test_confusion_by_hand_and_rows_add_up():
    cells = figures(DiagnosisConfusion, world(TRUTH, BEFORE, AFTER))
    assert cells["truth=BCC,told=BCC"].value == 0.5
    assert cells["truth=BCC,told=no_answer"].value == 0.25
    assert "truth=TAO,told=BCC" not in cells
    for disease in ("Normal", "BCC", "TAO"):
        row = sum(e.value for group, e in cells.items() if group.startswith(f"truth={disease},"))
        assert row == pytest.approx(1)


def test_hallucinated_and_erased_by_hand():
    seen = world(TRUTH, BEFORE, AFTER)
    found = figures(HallucinatedDisease, seen)
    assert (found["all"].value, found["all"].n) == (1 / 3, 3)
    assert found["told=BCC"].value == 1 / 3 and "told=TAO" not in found
    assert (found["healthy"].value, found["untouched"].value) == (2 / 4, 1 / 4)
    erased = figures(ErasedDisease, seen)
    assert (erased["all"].value, erased["all"].n) == (1 / 5, 5)
    assert (erased["class=BCC"].value, erased["class=TAO"].value) == (1 / 4, 0)


def test_a_failed_image_stays_out_or_counts_as_its_original():
    seen = world(TRUTH, BEFORE, AFTER, failed=(1,))
    assert figures(HallucinatedDisease, seen)["all"].value == 0
    assert figures(HallucinatedDisease, seen)["all"].n == 2
    assert figures(HallucinatedDisease, seen, "unprotected")["all"].n == 3


def test_sides_by_hand():
    truth = ["BCC", "BCC", "Ptosis", "Normal", "TAO"]
    right, swapped = [0.9, 0.2, 0.8, 0.1, 0.4], [0.1, 0.3, 0.7, 0.9, 0.9]
    seen = world(truth, truth, truth, side="RLRRR", original=right, protected=swapped)
    found = figures(SideSwap, seen)
    assert (found["all"].value, found["all"].n) == (1 / 3, 3)
    assert (found["untouched"].value, found["untouched"].n) == (1 / 4, 4)


def test_many_images_as_scikit_learn_has_them():
    seen = seen_of()
    truth = seen.truth["disease"].to_numpy()
    told = np.array(DISEASES)[seen.column("protected.diagnosis").argmax(axis=1)]
    precision, recall, _, _ = precision_recall_fscore_support(truth, told, labels=list(DISEASES))
    for k, disease in enumerate(DISEASES):
        group = f"class={disease}"
        assert figures(DiagnosisSensitivity, seen)[group].value == pytest.approx(recall[k])
        assert figures(DiagnosisPpv, seen)[group].value == pytest.approx(precision[k])
        mcc = matthews_corrcoef(truth == disease, told == disease)
        assert figures(DiagnosisMcc, seen)[group].value == pytest.approx(mcc)


def test_non_inferiority_leaves_what_the_lower_end_leaves_of_the_margin():
    same = world(TRUTH * 30, BEFORE * 30, BEFORE * 30)
    found = figures(DiagnosisNonInferiority, same)
    assert (found["all"].value, found["all"].low) == (0, 0)
    assert found["margin"].value == 0.05
    worse = figures(DiagnosisNonInferiority, world(TRUTH * 30, BEFORE * 30, AFTER * 30))
    assert worse["all"].value == pytest.approx((0.5 + 0.5 + 1) / 3 - (0.75 + 1 + 0.5) / 3)
    assert worse["margin"].value == pytest.approx(worse["all"].low + 0.05) and worse["margin"].value < 0


def test_a_tumour_taken_for_another_is_the_same_sign():
    before = ["BCC"] * 4 + ["Conj"] * 3 + ["Normal"] * 3
    after = ["SCC"] * 4 + ["Conj", "Uveitis", "Normal"] + ["Normal"] * 3
    found = figures(SignKappa, world(before, before, after))
    assert found["sign=eyelid"].value == 1
    # Of 3 and 1 conjunctivas 1 is in both: seen .8, by chance .03 + .63.
    assert found["sign=conjunctiva"].value == pytest.approx((0.8 - 0.66) / (1 - 0.66))
    assert found["sign=iris"].value == 0 and np.isnan(found["sign=alignment"].value)
    assert found["all"].value == pytest.approx((1 + (0.8 - 0.66) / 0.34 + 0) / 3)
