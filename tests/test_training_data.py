"""Training images and index streams."""

import numpy as np
import pandas as pd
import pytest
import torch
from fake_parts import suite_card

from medbench.core import Sample
from medbench.methods.training.data import IndexStream, TrainingImages, mirrored
from medbench.suites.suite import Suite


class Squares(Suite):
    card = suite_card("squares")
    reads = 0

    def index(self, split):
        return pd.DataFrame({"id": [f"s{i}" for i in range(7)], "disease": list("abcabca")})

    def read(self, split, sample_id):
        Squares.reads += 1
        image = np.full((16, 12, 3), int(sample_id[1:]) * 10, np.uint8)
        image[:, 0] = 255
        return Sample(sample_id, image, {})

    def fingerprint(self, split):
        return "f" * 64


@pytest.fixture
def images(tmp_path):
    return TrainingImages(Squares(), "train", cache=tmp_path)


def test_pixels_stand_beside_their_truth(images):
    assert images.pixels.shape == (7, 16, 12, 3)
    assert images.pixels[3, 5, 5].tolist() == [30, 30, 30]
    assert images.codes("disease").tolist() == [0, 1, 2, 0, 1, 2, 0]
    assert images.codes("disease", ["c", "b", "a"]).tolist() == [2, 1, 0, 2, 1, 0, 2]


def test_tensor_is_scaled_and_cropped(images):
    batch = images.tensor(np.array([2, 6]), crop=(4, 8, 1, 11))
    assert batch.shape == (2, 3, 4, 10)
    assert batch.dtype == torch.float32
    assert torch.allclose(batch[1], torch.tensor(60 / 255))
    assert batch.is_contiguous(memory_format=torch.channels_last)


def test_second_use_draws_nothing(tmp_path):
    TrainingImages(Squares(), "train", cache=tmp_path)
    before = Squares.reads
    again = TrainingImages(Squares(), "train", cache=tmp_path)
    assert Squares.reads == before
    assert len(TrainingImages(Squares(), "train", limit=3, cache=tmp_path)) == 3
    assert len(again) == 7


def test_each_epoch_is_a_permutation():
    stream = IndexStream(10, 4, ("x",))
    drawn = np.concatenate([stream(step) for step in range(5)])
    assert sorted(drawn[:10]) == list(range(10))
    assert sorted(drawn[10:]) == list(range(10))
    assert drawn[:10].tolist() != drawn[10:].tolist()


def test_streams_are_functions_of_names_and_step():
    one, other = IndexStream(50, 8, ("x",)), IndexStream(50, 8, ("x",))
    late = one(31)
    assert other(31).tolist() == late.tolist()
    assert IndexStream(50, 8, ("y",))(31).tolist() != late.tolist()
    assert one.flips(3).tolist() == other.flips(3).tolist()
    flips = np.concatenate([one.flips(step) for step in range(200)])
    assert 0.45 < flips.mean() < 0.55


def test_mirrored_turns_only_the_flagged(images):
    batch = images.tensor(np.array([0, 1]))
    turned = mirrored(batch, np.array([False, True]))
    assert torch.equal(turned[0], batch[0])
    assert torch.equal(turned[1], batch[1].flip(-1))
    assert turned[1, 0, 0, -1] == 1
