"""Pictures made ready once give every evaluator what it would get alone."""

from __future__ import annotations

import numpy as np

from medbench.cache import key_of, look
from medbench.metrics.evaluators.evaluator import Evaluator
from medbench.views import Views


class Keeping(Evaluator):
    """Keeps the tensors that it is shown."""

    name = "keeping"
    produces = ("mean",)

    def __init__(self):
        self.shown = []

    def look(self, images, boxes=None):
        self.shown.append(images)
        return {"mean": images.mean(dim=(1, 2, 3)).numpy()}


PICTURES = np.random.default_rng(0).integers(0, 256, (5, 64, 72, 3), dtype=np.uint8)


def test_keys_are_those_of_single_pictures():
    boxes = np.arange(20, dtype=np.float32).reshape(5, 4)
    views = Views(PICTURES)
    assert views.keys() == [key_of(image) for image in PICTURES]
    assert views.keys(boxes) == [key_of(*pair) for pair in zip(PICTURES, boxes, strict=True)]


def test_evaluators_share_the_floats_of_a_group():
    views, first, second = Views(PICTURES), Keeping(), Keeping()
    found = look(first, views)["mean"]
    assert (look(second, views)["mean"] == found).all()
    assert first.shown[0] is second.shown[0]
    np.testing.assert_allclose(found, PICTURES.mean(axis=(1, 2, 3)) / 255, rtol=1e-5)


def test_parts_and_mixed_sizes_are_cut_out():
    views = Views(PICTURES)
    assert (views.pixels([3, 1]).numpy() == Views(PICTURES[[3, 1]]).pixels([0, 1]).numpy()).all()
    mixed = Views([PICTURES[0], PICTURES[1][:, :64]])
    assert mixed.pixels([1]).shape == (1, 3, 64, 64)
    many = Views(np.repeat(PICTURES, 8, axis=0))
    assert (many.pixels([39]).numpy() == views.pixels([4]).numpy()).all()
