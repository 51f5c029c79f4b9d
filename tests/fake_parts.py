"""A suite, evaluators and methods small enough to run in milliseconds."""

from __future__ import annotations

import os
from typing import ClassVar

import numpy as np
import pandas as pd
import torch

from medbench.core import DISEASES, FaceNotFound, MedbenchError, Sample
from medbench.methods.method import Method, MethodCard
from medbench.metrics.evaluators.evaluator import Evaluator
from medbench.suites.suite import Suite, SuiteCard

SIDE = 64


def card(name, **more):
    return MethodCard(
        name=name,
        entry="fake_parts:X",
        title=name,
        summary="fake",
        licence="none",
        backend="classical",
        **more,
    )


def suite_card(name, **more):
    told = {"title": name, "version": "1", "summary": "fake", "licence": "none", "origin": "tests"}
    entry = f"fake_parts:{name}"
    return SuiteCard(name=name, entry=entry, how_to_obtain="nothing to obtain", **told, **more)


def unit(flat):
    """Embeddings (B, n) of length 1, as numpy."""
    return (flat / flat.norm(dim=1, keepdim=True).clamp(min=1e-6)).numpy()


class FakeSuite(Suite):
    """Subjects are colours, diseases are the brightness of the lower half; a corner says which image."""

    default_split = "val"
    subjects: ClassVar[dict[str, int]] = {"select": 60, "val": 12}
    broken: tuple[str, ...] = ()
    reads: ClassVar[list[str]] = []
    card = SuiteCard(
        name="fake", entry="fake_parts:FakeSuite", title="Fake", version="1", summary="fake", licence="none",
        origin="tests", how_to_obtain="nothing to obtain", classes=DISEASES,
        splits={"select": "thresholds", "val": "measured"}, synthetic=True,
    )  # fmt: skip

    def index(self, split):
        rows = []
        for person in range(self.subjects[split]):
            for shot in range(4):
                rows.append({
                    "id": f"{split}-{person:03d}-{shot}",
                    "subject": f"{split}{person:03d}",
                    "disease": DISEASES[(person + shot) % 8],
                })  # fmt: skip
        return pd.DataFrame(rows)

    def read(self, split, sample_id):
        type(self).reads.append(sample_id)
        if sample_id in self.broken:
            raise MedbenchError(f"/secret/{sample_id}.png: damaged; copy it again")
        _, person, shot = sample_id.split("-")
        rng = np.random.default_rng([len(split), int(person)])
        image = np.zeros((SIDE, SIDE, 3), np.uint8)
        image[: SIDE // 2] = rng.integers(40, 216, (SIDE // 8, SIDE // 4, 3)).repeat(4, 0).repeat(4, 1)
        image[SIDE // 2 :] = 20 + 28 * ((int(person) + int(shot)) % 8)
        noise = np.random.default_rng([int(person), int(shot)]).integers(-3, 4, image.shape)
        return Sample(sample_id, np.clip(image + noise, 1, 255).astype(np.uint8), {})

    def fingerprint(self, split):
        return f"fake-{split}-1"


class FakeDetector(Evaluator):
    """Finds a face where the upper half is not flat black."""

    name = "fake_detector"
    produces = ("detected", "boxes")

    def fingerprint(self):
        return "fake-detector-1"

    def look(self, images, boxes=None):
        found = images[:, :, : SIDE // 2].mean(dim=(1, 2, 3)).numpy() > 0.02
        box = np.tile(np.array([0.0, 0, SIDE, SIDE]), (len(images), 1))
        box[~found] = np.nan
        return {"detected": found, "boxes": box}


class FakeRecogniser(Evaluator):
    """The embedding is the upper half, made small, of unit length."""

    name = "fake_recogniser"
    produces = ("identity",)
    needs_boxes = True

    def fingerprint(self):
        return "fake-recogniser-1"

    def look(self, images, boxes=None):
        small = torch.nn.functional.adaptive_avg_pool2d(images[:, :, : SIDE // 2], (8, 16)) - 0.5
        return {"identity": unit(small.flatten(1))}


class FakeDoctor(Evaluator):
    """Reads the disease from the brightness of the lower half."""

    name = "fake_doctor"
    produces = ("diagnosis",)
    looks = 0

    def fingerprint(self):
        return "fake-doctor-1"

    def look(self, images, boxes=None):
        FakeDoctor.looks += len(images)
        level = (images[:, :, SIDE // 2 :].mean(dim=(1, 2, 3)).numpy() * 255 - 20) / 28
        chance = np.exp(-((level[:, None] - np.arange(8)[None]) ** 2))
        return {"diagnosis": (chance / chance.sum(1, keepdims=True)).astype(np.float32)}


class Untouched(Method):
    card = card("fake_untouched")

    def anonymize(self, batch, keys=None):
        return batch.images.clone()


class Locked(Method):
    """Exclusive-or of the upper half with bytes of the key: another face for each key."""

    card = card("fake_locked", keyed=True, reversible=True)

    def anonymize(self, batch, keys=None):
        return self.restore(batch.images, keys)

    def restore(self, images, keys):
        if os.environ.get("FAKE_RAISES"):
            raise RuntimeError("boom")
        eight = (images * 255).round().to(torch.uint8)
        for row, key in enumerate(keys):
            mask = np.frombuffer(key.bytes(128 * 3, "mask"), np.uint8).reshape(3, 8, 16)
            mask = torch.from_numpy(mask.repeat(4, 1).repeat(4, 2))
            eight[row, :, : SIDE // 2] ^= mask
        return eight.float() / 255


class Moody(Method):
    """Refuses some faces, gives NaN, a wrong range or a wrong shape for others."""

    card = card("fake_moody")

    def anonymize(self, batch, keys=None):
        if len(batch) > 1 and any(name.endswith(("-0", "-3")) for name in batch.ids):
            raise RuntimeError("cannot do several")
        if batch.ids[0].endswith("-0"):
            raise FaceNotFound("no face")
        out = batch.images.clone()
        for row, name in enumerate(batch.ids):
            if name.endswith("-1"):
                out[row, 0, 0, 0] = float("nan")
            if name.endswith("-2"):
                out[row, 0, 0, 0] = 3.0
        return out[:, :, 1:] if batch.ids[0] == "val-000-3" else out


class Hopeless(Method):
    card = card("fake_hopeless")

    def anonymize(self, batch, keys=None):
        raise ValueError("never works")


TARGETS = {
    "suites": {"fake": "fake_parts:FakeSuite"},
    "methods": {
        "fake_untouched": "fake_parts:Untouched",
        "fake_locked": "fake_parts:Locked",
        "fake_moody": "fake_parts:Moody",
        "fake_hopeless": "fake_parts:Hopeless",
    },
    "evaluators": {
        "fake_detector": "fake_parts:FakeDetector",
        "fake_recogniser": "fake_parts:FakeRecogniser",
        "fake_doctor": "fake_parts:FakeDoctor",
    },
}
