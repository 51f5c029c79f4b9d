"""Feature DP: bounded features, noise of the scale that the proof asks for, a face in the end."""

import numpy as np
import pytest
import torch

from medbench.core import Batch
from medbench.keys import Key
from medbench.methods.classical.alignment import cut
from medbench.methods.classical.feature_dp import EPSILON, FEATURES, FeatureDP
from medbench.methods.classical.pixel_dp import laplace
from medbench.methods.face_region import find_faces
from medbench.suites.mini.suite import MiniSuite


@pytest.fixture(scope="module")
def pictures():
    ids = list(MiniSuite().index("select")["id"][::160])
    images = np.stack([MiniSuite().read("select", name).image for name in ids])
    return Batch(torch.from_numpy(images).permute(0, 3, 1, 2).float() / 255, tuple(ids), None)


def loaded(preset):
    method = FeatureDP()
    method.load(preset=preset)
    return method


def features(method, images):
    found = []
    for image in images:
        pixels = image.permute(1, 2, 0).numpy()
        aligned = cut(pixels, find_faces(image)[0].landmarks, method.gallery.template)
        found.append(method.features(aligned))
    return np.stack(found)


def test_features_move_by_no_more_than_the_proof_says(pictures):
    method = loaded("medium")
    found = features(
        method, torch.cat([pictures.images, torch.zeros_like(pictures.images[:1]) + pictures.images[:1]])
    )
    assert np.abs(found).max() <= 2
    wild = method.features(np.random.default_rng(0).random(method.gallery.faces[0].shape, np.float32) * 9)
    assert np.abs(wild[:, None] - found[0]).max() <= 4


def test_noise_has_the_scale_of_the_mechanism():
    noise = laplace(Key.from_names("t"), (200_000,), "x")
    assert np.abs(noise).mean() == pytest.approx(1, abs=0.01)
    assert [4 * FEATURES / EPSILON[p] for p in ("weak", "medium", "strong")] == [0.32, 0.96, 3.2]


def test_less_epsilon_leaves_less_of_the_face(pictures):
    keys = [Key.from_names("k", i) for i in range(len(pictures))]
    before = features(loaded("weak"), pictures.images)
    apart = []
    for preset in ("weak", "medium", "strong"):
        method = loaded(preset)
        after = features(method, method.anonymize(pictures, keys))
        apart.append(np.abs(after - before).mean())
    assert apart[0] < apart[1] < apart[2]


def test_what_is_drawn_is_a_face(pictures):
    out = loaded("medium").anonymize(pictures, [Key.from_names("k", i) for i in range(len(pictures))])
    assert all(find_faces(image) for image in out)
