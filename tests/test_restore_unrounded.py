"""Restoring before rounding: its own column, from another start than what a clinic holds."""

import numpy as np
import pandas as pd

from medbench.keys import Key
from medbench.methods.method import Method
from medbench.stages.protect import protect, restore
from medbench.stages.unrounded import restore_unrounded


class Faint(Method):
    """Keeps an eighth of the contrast: 8 bits hold little of that, floats hold all."""

    def anonymize(self, batch, keys=None):
        return batch.images / 8

    def restore(self, images, keys):
        if any(key == Key.from_names("broken") for key in keys):
            raise ValueError("cannot")
        return (images * 8).clamp(0, 1)


IMAGES = np.random.default_rng(0).integers(0, 256, (2, 64, 64, 3), dtype=np.uint8)
TRUTH = pd.DataFrame({"id": ["a", "b"]})


def test_floats_bring_back_what_eight_bits_lose():
    keys = [Key.from_names("one"), Key.from_names("two")]
    unrounded = restore_unrounded(Faint(), IMAGES, ("a", "b"), TRUTH, keys)
    held = protect(Faint(), IMAGES, ("a", "b"), TRUTH, keys).images
    assert np.array_equal(unrounded.images, IMAGES)
    assert np.abs(restore(Faint(), held, keys).images.astype(int) - IMAGES).mean() > 1


def test_one_bad_sample_takes_no_other_with_it():
    keys = [Key.from_names("broken"), Key.from_names("two")]
    back = restore_unrounded(Faint(), IMAGES, ("a", "b"), TRUTH, keys)
    assert list(back.failures) == [0]
    assert np.array_equal(back.images[1], IMAGES[1])
