"""Tumour area in a run: masks of the truth meet what a segmenter marks, and only numbers stay."""

from __future__ import annotations

from dataclasses import replace

import fake_parts
import numpy as np
import pandas as pd
import pytest

from medbench.metrics.evaluators.evaluator import Evaluator
from medbench.metrics.evaluators.segmentation_masks import packed
from medbench.request import Request
from medbench.runner import run
from medbench.shards import Shard

SPOT = (slice(40, 48), slice(8, 24))


class SpotSuite(fake_parts.FakeSuite):
    """Every other image has a red spot on its lower half; one image has no mask at all."""

    def read(self, split, sample_id):
        sample = super().read(split, sample_id)
        shot = int(sample_id.rpartition("-")[2])
        mask = np.zeros(sample.image.shape[:2], bool)
        mask[SPOT] = shot % 2 == 0
        image = np.where(mask[..., None], np.array([255, 0, 0], np.uint8), sample.image)
        return replace(sample, image=image, truth={} if sample_id == "val-003-0" else {"mask": mask})


class RedFinder(Evaluator):
    """Marks what is red."""

    name = "red_finder"
    produces = ("tumour_mask",)
    looks = 0

    def fingerprint(self):
        return "red-finder-1"

    def look(self, images, boxes=None):
        RedFinder.looks += len(images)
        return {"tumour_mask": packed(((images[:, 0] > 0.9) & (images[:, 1:] < 0.1).all(1)).numpy())}


class HalfHidden(fake_parts.Method):
    """Paints the left half of the spot's columns grey; fails on one sample."""

    card = fake_parts.card("half_hidden")

    def anonymize(self, batch, keys=None):
        if "val-001-2" in batch.ids:
            raise fake_parts.FaceNotFound("no face")
        out = batch.images.clone()
        out[:, :, 40:48, :16] = 0.5
        return out


@pytest.fixture
def go(fake_parts, tmp_path, monkeypatch):
    here = "test_tumour_run"
    for kind, name in (("suites", "SpotSuite"), ("evaluators", "RedFinder"), ("methods", "HalfHidden")):
        known = {**fake_parts.TARGETS[kind], name: f"{here}:{name}"}
        monkeypatch.setitem(fake_parts.TARGETS, kind, known)
    monkeypatch.setattr(RedFinder, "looks", 0)

    def start(method, **more):
        request = Request((method,), **{"out": tmp_path / "runs", "suite": "SpotSuite", "workers": 1, **more})
        return run(request)

    return start


def test_half_of_the_tumour_is_found(go):
    ((folder, result),) = go("HalfHidden").results
    found = {e.metric: e for e in result.estimates if e.group == "all" and e.reading == "excluded"}
    # 12 people x 2 spots, less one without a mask and one that failed.
    assert (found["tumour_dice"].value, found["tumour_dice"].n) == (pytest.approx(2 / 3), 22)
    assert found["tumour_jaccard"].value == pytest.approx(0.5)
    assert found["tumour_dice_untouched"].value == 1
    assert found["tumour_dice_retention"].value == pytest.approx(2 / 3)
    assert (found["tumour_false_alarm"].value, found["tumour_false_alarm"].n) == (0, 24)
    # Half of the pixels have a border within the mask, the others are up to 8 px away.
    assert 7 <= found["tumour_hd95"].value <= 8
    stand_in = [
        e.value
        for e in result.estimates
        if (e.metric, e.group, e.reading) == ("tumour_dice", "all", "unprotected")
    ]
    assert stand_in == [pytest.approx((22 * 2 / 3 + 1) / 23)]
    samples = pd.read_parquet(folder.samples).set_index("id")
    assert np.isnan(samples.loc[["val-003-0", "val-001-2", "val-000-1"], "tumour_dice"]).all()


def test_shards_hold_numbers_and_no_mask(go):
    ((folder, _),) = go("HalfHidden").results
    shard = Shard.read(folder.shard(0))
    assert "tumour_mask" not in shard.roles["protected"]
    assert shard.roles["protected"]["tumour_overlap"].shape == (32, 4)


def test_a_suite_without_masks_is_not_looked_at(go):
    ((_, result),) = go("HalfHidden", suite="fake").results
    reasons = {skipped.metric: skipped.reason for skipped in result.skipped}
    assert reasons["tumour_dice"] == reasons["tumour_dice_untouched"] == "fake has no tumour masks"
    assert RedFinder.looks == 0
