"""A suite and methods whose attacks come out as anyone can foresee."""

from __future__ import annotations

from typing import ClassVar

import fake_parts
import numpy as np
import pandas as pd
import torch
from fake_parts import card, unit

from medbench.core import Sample
from medbench.methods.method import Method


class CrowdSuite(fake_parts.FakeSuite):
    """People are smooth colour patterns; shots differ in noise. Train people are the attacker's."""

    subjects: ClassVar[dict[str, int]] = {"train": 60, "val": 16}
    card = fake_parts.FakeSuite.card.model_copy(
        update={"name": "crowd", "splits": {"train": "training", "val": "measured"}}
    )

    def index(self, split):
        rows = [
            {"id": f"{split}-{person:03d}-{shot}", "subject": f"{split}{person:03d}"}
            for person in range(self.subjects[split])
            for shot in range(4)
        ]
        return pd.DataFrame(rows)

    def read(self, split, sample_id):
        _, person, shot = sample_id.split("-")
        rng = np.random.default_rng([len(split), int(person)])
        image = rng.integers(40, 216, (4, 4, 3)).repeat(16, 0).repeat(16, 1)
        noise = np.random.default_rng([len(split), int(person), int(shot)]).integers(-12, 13, image.shape)
        return Sample(sample_id, np.clip(image + noise, 1, 255).astype(np.uint8), {})

    def fingerprint(self, split):
        return f"crowd-{split}-1"


class Constant(Method):
    """The same grey picture of everybody."""

    card = card("constant")

    def anonymize(self, batch, keys=None):
        return torch.full_like(batch.images, 0.5)


class Shuffled(Method):
    """A negative with its parts in another, fixed order: strange to a recogniser, and nothing is lost."""

    card = card("shuffled")

    def anonymize(self, batch, keys=None):
        order = torch.from_numpy(np.random.default_rng(7).permutation(16))
        cells = batch.images.unfold(2, 16, 16).unfold(3, 16, 16).flatten(2, 3)[:, :, order]
        rows = cells.reshape(len(cells), 3, 4, 4, 16, 16).permute(0, 1, 2, 4, 3, 5)
        return 1 - rows.reshape(batch.images.shape)


class Softly(Method):
    """A key of two angles turns the colours, so that a gradient reaches it."""

    card = card("softly", keyed=True, reversible=True)
    key_numbers = 2

    def anonymize(self, batch, keys=None):
        made = []
        for image, key in zip(batch.images, keys, strict=True):
            first, second = self.numbers(key)
            turned = _turned(_turned(image[None] - 0.5, first, 0), second, 1)
            made.append(turned[0] / 2 + 0.5)
        return torch.stack(made)

    def restore(self, images, keys):
        pairs = zip(images, keys, strict=True)
        return torch.cat([self.restore_with(image[None], self.numbers(key)) for image, key in pairs]).clamp(
            0, 1
        )

    def restore_with(self, images, numbers):
        return _turned(_turned((images - 0.5) * 2, -numbers[1], 1), -numbers[0], 0) + 0.5

    @staticmethod
    def numbers(key):
        return torch.from_numpy(key.normal(2, "softly")) * 2


class Sealed(Method):
    """Exclusive-or with bytes of the key: nothing to descend, and noise for who has not the key."""

    card = card("sealed", keyed=True, reversible=True)

    def anonymize(self, batch, keys=None):
        return self.restore(batch.images, keys)

    def restore(self, images, keys):
        eight = (images * 255).round().to(torch.uint8)
        for row, key in enumerate(keys):
            stream = np.frombuffer(key.bytes(eight[row].numel(), "stream"), np.uint8)
            eight[row] ^= torch.from_numpy(stream.reshape(eight[row].shape).copy())
        return eight.float() / 255


def _turned(images, angle, first):
    """Turn colours ``first`` and ``first + 1`` about each other by an angle."""
    parts = list(images.unbind(1))
    cos, sin = torch.cos(angle), torch.sin(angle)
    one, other = parts[first], parts[first + 1]
    parts[first], parts[first + 1] = one * cos - other * sin, one * sin + other * cos
    return torch.stack(parts, 1)


class CrowdRecogniser(fake_parts.FakeRecogniser):
    """The embedding is the picture, made small, of unit length."""

    name = "crowd_recogniser"

    def fingerprint(self):
        return "crowd-recogniser-1"

    def look(self, images, boxes=None):
        flat = (torch.nn.functional.adaptive_avg_pool2d(images, (8, 8)) - 0.5).flatten(1)
        return {"identity": unit(flat)}


TARGETS = {
    "suites": {"crowd": "attack_parts:CrowdSuite"},
    "methods": {
        "fake_untouched": "fake_parts:Untouched",
        "sealed": "attack_parts:Sealed",
        "constant": "attack_parts:Constant",
        "shuffled": "attack_parts:Shuffled",
        "softly": "attack_parts:Softly",
    },
    "evaluators": {
        "fake_detector": "fake_parts:FakeDetector",
        "crowd_recogniser": "attack_parts:CrowdRecogniser",
    },
}
