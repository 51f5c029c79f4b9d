"""The two networks that look at both eyes, and the crops they get."""

import numpy as np
import pytest
import torch

from medbench.metrics.evaluators.eye_crops import EYE, HEIGHT, WIDTH, Window, paired_crops


@pytest.fixture
def picture():
    return torch.from_numpy(np.random.default_rng(0).random((1, 3, 90, 120), dtype=np.float32))


def test_a_crop_at_native_size_is_the_pixels_themselves(picture):
    side = 80.0
    window = Window(x=WIDTH / 2 / side, y=HEIGHT / 2 / side, width=WIDTH / side, height=HEIGHT / side)
    crops = paired_crops(picture, torch.tensor([[20.0, 10.0, 100.0, 90.0]]), window)
    one = picture[0, :, 10 : 10 + HEIGHT, 20 : 20 + WIDTH]
    torch.testing.assert_close(crops[0, 0], one, atol=1e-4, rtol=0)
    torch.testing.assert_close(crops[0, 1], one.flip(-1), atol=1e-4, rtol=0)


def test_a_mirrored_face_swaps_the_crops(picture):
    boxes = torch.tensor([[20.0, 10.0, 80.0, 70.0]])
    mirrored = torch.tensor([[40.0, 10.0, 100.0, 70.0]])
    there = paired_crops(picture, boxes)
    back = paired_crops(picture.flip(-1), mirrored)
    torch.testing.assert_close(back.flip(1), there, atol=1e-4, rtol=0)


def test_the_crop_follows_scale(picture):
    large = picture.repeat_interleave(4, 2).repeat_interleave(4, 3)
    boxes = torch.tensor([[10.0, 10.0, 90.0, 90.0]])
    wide = Window(EYE.x, EYE.y, 1.2, 1.2 * HEIGHT / WIDTH)
    torch.testing.assert_close(
        paired_crops(large, boxes * 4, wide), paired_crops(picture, boxes, wide), atol=0.25, rtol=0
    )


def test_symmetry_is_built_in():
    from medbench.metrics.evaluators.eye_networks import DiagnosisNetwork, GazeNetwork

    crops = torch.rand(2, 2, 3, HEIGHT, WIDTH)
    with torch.no_grad():
        diagnosis, gaze = DiagnosisNetwork().eval(), GazeNetwork().eval()
        torch.testing.assert_close(diagnosis(crops.flip(1)), diagnosis(crops))
        torch.testing.assert_close(gaze(crops.flip(1)), gaze(crops) * torch.tensor([1.0, -1.0]))


def test_the_shipped_networks_are_small():
    from medbench.weights import find

    for name in ("diagnosis_mini", "gaze_mini"):
        assert find(name).stat().st_size <= 2_000_000


@pytest.fixture(scope="module")
def faces():
    pytest.importorskip("dlib")
    from medbench.registry import Registry
    from medbench.suites.mini.render import render
    from medbench.suites.mini.splits import scene_of

    drawn = [render(*scene_of(f"val-{subject:04d}-{shot}")) for subject in range(8) for shot in range(8)]
    images = torch.from_numpy(np.stack([face.image for face in drawn])).permute(0, 3, 1, 2).float() / 255
    detector = Registry("evaluators").get("detector_hog")()
    detector.load()
    return images, detector.look(images)["boxes"], [face.truth for face in drawn]


def test_the_shipped_classifier_tells_the_diseases_of_new_subjects(faces):
    from medbench.core import DISEASES
    from medbench.registry import Registry

    images, boxes, truth = faces
    evaluator = Registry("evaluators").get("diagnosis_mini")()
    evaluator.load()
    found = evaluator.look(images, boxes)["diagnosis"]
    np.testing.assert_allclose(found.sum(axis=1), 1, rtol=1e-5)
    told = [DISEASES[code] for code in found.argmax(axis=1)]
    assert np.mean([a == t["disease"] for a, t in zip(told, truth, strict=True)]) >= 0.8


def test_the_shipped_gaze_network_beats_a_constant_guess(faces):
    from medbench.registry import Registry

    images, boxes, truth = faces
    evaluator = Registry("evaluators").get("gaze_mini")()
    evaluator.load()
    found = evaluator.look(images, boxes)["gaze"]
    real = np.array([(t["gaze_pitch"], t["gaze_yaw"]) for t in truth])
    error, guess = np.abs(found - real).mean(axis=0), np.abs(real - real.mean(axis=0)).mean(axis=0)
    assert (error < 0.6 * guess).all()


def test_augmentation_keeps_the_range_and_treats_both_eyes_alike():
    from medbench.metrics.evaluators.training.augment import changed

    torch.manual_seed(4)
    flat = torch.full((16, 2, 3, HEIGHT, WIDTH), 0.5)
    out = changed(flat)
    assert out.min() >= 0 and out.max() <= 1
    means = out.mean(dim=(3, 4))
    assert (means[:, 0] - means[:, 1]).abs().max() < 0.02 < means.std(dim=0).min()


@pytest.mark.slow
def test_a_face_without_eyes_tells_nothing(tmp_path, monkeypatch):
    from medbench.metrics.evaluators.training.control import face_without_eyes_accuracy
    from medbench.suites.mini.suite import MiniSuite

    accuracy = face_without_eyes_accuracy(MiniSuite(), tmp_path, minutes=4, limit=1600)
    assert accuracy <= 0.25
