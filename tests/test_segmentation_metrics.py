"""Dice, Jaccard and HD95 by hand and by scikit-learn, scikit-image and scipy."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from metric_cases import subject_loop
from scipy.ndimage import binary_erosion, distance_transform_edt
from skimage.metrics import hausdorff_distance
from sklearn.metrics import f1_score, jaccard_score

from medbench.core import Seen
from medbench.metrics import segmentation
from medbench.metrics.evaluators.segmentation_masks import packed, unpacked
from medbench.metrics.statistics.resample import Resampler
from medbench.stages.overlap import MASK, OVERLAP, hausdorff95, overlap, weigh

RESAMPLER = Resampler(("tumours",), draws=200)


def blob(rng, side=40, radius=6.0):
    """A ragged disc somewhere."""
    y, x = np.mgrid[:side, :side]
    cy, cx = rng.uniform(radius, side - radius, 2)
    return np.hypot(y - cy, x - cx) + rng.normal(size=(side, side)) < radius


def pairs(count=24):
    rng = np.random.default_rng(5)
    truths = [blob(rng) if i % 3 else np.zeros((40, 40), bool) for i in range(count)]
    marked = [np.roll(t, rng.integers(-3, 4, 2), (0, 1)) & (rng.random(t.shape) < 0.9) for t in truths]
    marked[1][:] = False
    marked[3][5:7, 5:7] = True
    return truths, marked


def seen_of(truths, marked, original=None):
    """A Seen of two images for each of the subjects."""
    n = len(truths)
    roles = {
        role: {OVERLAP: np.array([overlap(m, t) for m, t in zip(masks, truths, strict=True)])}
        for role, masks in (("protected", marked), ("original", original or truths))
    }
    ids = [f"s{i:02d}" for i in range(n)]
    truth = pd.DataFrame(
        {
            "id": ids,
            "subject": [f"p{i // 2}" for i in range(n)],
            "disease": ["SCC" if t.any() else "Normal" for t in truths],
        }
    )
    return Seen(tuple(ids), truth, roles, np.zeros(n, bool))


def medpy_hd95(result, reference):
    """medpy 0.5's hd95 with its defaults, in scipy's words."""

    def distances(one, other):
        border = [m ^ binary_erosion(m, iterations=1) for m in (one, other)]
        return distance_transform_edt(~border[1])[border[0]]

    return np.percentile(np.hstack((distances(result, reference), distances(reference, result))), 95)


def test_dice_and_jaccard_are_scikit_learns():
    truths, marked = pairs()
    numbers = np.array([overlap(m, t) for m, t in zip(marked, truths, strict=True)])
    for row, (m, t) in enumerate(zip(marked, truths, strict=True)):
        if t.any():
            assert segmentation.dice(numbers)[row] == pytest.approx(f1_score(t.ravel(), m.ravel()))
            assert segmentation.jaccard(numbers)[row] == pytest.approx(jaccard_score(t.ravel(), m.ravel()))
        else:
            assert np.isnan(segmentation.dice(numbers)[row])


def test_by_hand():
    truth, marked = np.zeros((2, 6, 8), bool)
    truth[2, 1:5] = marked[2, 3:7] = True
    assert overlap(marked, truth)[:3] == (4, 4, 2)
    numbers = np.array([overlap(marked, truth)])
    assert segmentation.dice(numbers)[0] == 0.5
    assert segmentation.jaccard(numbers)[0] == pytest.approx(1 / 3)
    # Either border has pixels 0, 0, 1 and 2 away from the other.
    assert hausdorff95(marked, truth) == pytest.approx(np.percentile([0, 0, 1, 2, 0, 0, 1, 2], 95))


def test_hd95_is_medpys_and_below_the_full_distance():
    rng = np.random.default_rng(7)
    for _ in range(30):
        one, other = blob(rng), blob(rng)
        found = hausdorff95(one, other)
        assert found == pytest.approx(medpy_hd95(one, other), abs=1e-9)
        assert found <= hausdorff_distance(one, other) + 1e-9
        assert found == hausdorff95(other, one)
    assert hausdorff95(one, one) == 0


def test_installed_medpy_agrees():
    binary = pytest.importorskip("medpy.metric.binary")
    rng = np.random.default_rng(8)
    for _ in range(10):
        one, other = blob(rng), blob(rng)
        assert hausdorff95(one, other) == pytest.approx(binary.hd95(one, other), abs=1e-9)


def test_tumour_at_the_edge_keeps_its_border():
    whole = np.ones((5, 9), bool)
    assert hausdorff95(whole, whole) == 0
    one = np.zeros((5, 9), bool)
    one[0, 0] = True
    assert hausdorff95(one, whole) == pytest.approx(medpy_hd95(one, whole), abs=1e-9)


def test_empty_masks():
    empty, tumour = np.zeros((2, 30, 40), bool)
    tumour[4:6, 4:6] = True
    seen = seen_of([tumour, tumour, empty, empty], [tumour, empty, empty, tumour])
    found = {
        metric.name: {e.group: e for e in metric().estimates(seen, RESAMPLER)}
        for metric in segmentation.METRICS
    }
    assert (found["tumour_dice"]["all"].value, found["tumour_dice"]["all"].n) == (0.5, 2)
    assert found["tumour_jaccard"]["class=SCC"].value == 0.5
    assert found["tumour_hd95"]["all"].value == 25
    assert (found["tumour_false_alarm"]["all"].value, found["tumour_false_alarm"]["all"].n) == (0.5, 2)
    assert found["tumour_dice_untouched"]["all"].value == 1
    assert found["tumour_dice_retention"]["all"].value == 0.5
    assert set(found["tumour_dice"]) == {"all", "class=SCC"}


def test_interval_is_a_plain_loop_over_subjects():
    truths, marked = pairs()
    seen = seen_of(truths, marked)
    values = segmentation.TumourDice().samples(seen)["tumour_dice"]
    ill = np.isfinite(values)
    of_ill = Seen(
        tuple(np.array(seen.ids)[ill]), seen.truth[ill].reset_index(drop=True), {}, seen.failed[ill]
    )
    low, high = subject_loop(of_ill, lambda rows: values[ill][rows].mean(), RESAMPLER)
    found = segmentation.TumourDice().estimates(seen, RESAMPLER)[0]
    assert (found.value, found.n) == (pytest.approx(values[ill].mean()), ill.sum())
    # Bootstrap-t and percentile are different intervals of the same figure and subjects.
    assert (found.low, found.high) == pytest.approx((low, high), abs=0.5 * (high - low))


def test_retention_keeps_cases_that_the_network_missed_before():
    tumour = np.zeros((20, 20), bool)
    tumour[3:6, 3:6] = True
    empty = np.zeros_like(tumour)
    seen = seen_of([tumour, tumour], [tumour, tumour], original=[tumour, empty])
    assert segmentation.TumourDiceRetention().estimates(seen, RESAMPLER)[0].value == 2


def test_masks_pack_and_unpack():
    masks = np.random.default_rng(3).random((4, 13, 21)) < 0.3
    assert packed(masks).shape == (4, 13, 3)
    assert (unpacked(packed(masks), 21) == masks).all()


def test_weighing_leaves_numbers_and_no_mask():
    truths, marked = pairs(6)
    seen = {MASK: packed(np.stack(marked)), "gaze": np.zeros((6, 2))}
    known = [None, *truths[1:]]
    weigh(seen, known, np.array([True, True, False, True, True, True]))
    assert set(seen) == {OVERLAP, "gaze"}
    assert np.isnan(seen[OVERLAP][[0, 2]]).all()
    assert seen[OVERLAP][1] == pytest.approx([0, truths[1].sum(), 0, np.hypot(40, 40)])
    assert seen[OVERLAP][4, 2] == (truths[4] & marked[4]).sum()
