"""segmentation_mini: where it looks, what it marks on faces it has not seen, and how it is trained."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from medbench.cache import look
from medbench.core import DISEASES
from medbench.metrics.evaluators.detector_hog import HogDetector
from medbench.metrics.evaluators.eye_crops import paired_crops
from medbench.metrics.evaluators.segmentation_field import FIELD, spread
from medbench.metrics.evaluators.segmentation_masks import unpacked
from medbench.metrics.evaluators.segmentation_mini import MiniSegmentation
from medbench.metrics.evaluators.training.train_segmentation import losses, train
from medbench.metrics.overlap_measures import alarm, dice
from medbench.stages.overlap import overlap
from medbench.suites.mini.suite import MiniSuite
from medbench.weights import load_safetensors


@pytest.fixture(scope="module")
def faces():
    """Three subjects of val, eight images each: images, boxes that dlib finds, masks, diseases."""
    suite = MiniSuite()
    index = suite.index("val").iloc[:24]
    suite.prepare("val", list(index["id"]))
    samples = list(suite.iterate("val", list(index["id"])))
    images = np.stack([sample.image for sample in samples])
    detector = HogDetector()
    detector.load()
    boxes = look(detector, images)["boxes"]
    return images, boxes, np.stack([s.truth["mask"] for s in samples]), index["disease"].to_numpy()


@pytest.fixture(scope="module")
def evaluator():
    found = MiniSegmentation()
    found.load()
    return found


def tensors(images):
    return torch.from_numpy(images).permute(0, 3, 1, 2).float() / 255


def marked(evaluator, images, boxes):
    return unpacked(evaluator.look(tensors(images), boxes)["tumour_mask"], images.shape[2])


def test_marks_tumours_of_people_it_has_not_seen(evaluator, faces):
    images, boxes, masks, diseases = faces
    found = marked(evaluator, images, boxes)
    numbers = np.array([overlap(m, t) for m, t in zip(found, masks, strict=True)])
    assert set(diseases) == set(DISEASES)
    assert np.isfinite(dice(numbers)).sum() == 9
    assert np.nanmean(dice(numbers)) >= 0.75
    assert np.nanmean(alarm(numbers)) <= 0.35


def test_every_pixel_of_the_field_comes_back_to_its_place(faces):
    _, boxes, masks, _ = faces
    ill = masks.any(axis=(1, 2))
    places = torch.from_numpy(boxes[ill].astype(np.float32))
    layers = torch.from_numpy(masks[ill]).float()[:, None].expand(-1, 3, -1, -1)
    crops = paired_crops(layers, places, FIELD)[:, :, 0]
    back = spread(crops, places, masks.shape[1:]) >= 0.5
    numbers = np.array([overlap(b, t) for b, t in zip(back.numpy(), masks[ill], strict=True)])
    assert dice(numbers).min() > 0.9 and dice(numbers).mean() > 0.97


def test_a_mirrored_face_has_the_mirrored_tumour(evaluator, faces):
    images, boxes, _, _ = faces
    width = images.shape[2]
    turned = np.stack([width - boxes[:, 2], boxes[:, 1], width - boxes[:, 0], boxes[:, 3]], axis=1)
    one = marked(evaluator, images, boxes)
    other = marked(evaluator, images[:, :, ::-1].copy(), turned)[:, :, ::-1]
    assert (one != other).mean() < 1e-3
    assert 2 * (one & other).sum() / (one.sum() + other.sum()) > 0.97


def test_nothing_is_marked_without_a_box_or_on_strange_pictures(evaluator, faces):
    images, boxes, _, _ = faces
    assert not evaluator.look(tensors(images[:2]))["tumour_mask"].any()
    lost = boxes[:2].copy()
    lost[1] = np.nan
    assert not marked(evaluator, images[:2], lost)[1].any()
    strange = torch.full((2, 3, 40, 37), float("nan"))
    column = evaluator.look(strange, np.array([[-50.0, -50, 900, 900], [5, 5, 5, 5]]))["tumour_mask"]
    assert column.shape == (2, 40, 5) and column.dtype == np.uint8
    assert evaluator.look(torch.zeros(0, 3, 40, 37), np.zeros((0, 4)))["tumour_mask"].shape == (0, 40, 5)


def test_a_face_twice_as_large_has_a_tumour_twice_as_large(evaluator, faces):
    images, boxes, _, _ = faces
    large = images.repeat(2, axis=1).repeat(2, axis=2)
    one, two = marked(evaluator, images, boxes), marked(evaluator, large, boxes * 2)
    again = one.repeat(2, axis=1).repeat(2, axis=2)
    assert 2 * (again & two).sum() / (again.sum() + two.sum()) > 0.9


def test_losses_by_hand():
    mask = torch.zeros(1, 2, 2)
    mask[0, 0, 0] = 1
    found = losses(torch.zeros(1, 2, 2), mask)
    assert found["entropy"].item() == pytest.approx(np.log(2))
    assert found["dice"].item() == pytest.approx(1 - (2 * 0.5 + 1) / (2 + 1 + 1))
    assert losses(torch.where(mask > 0, 50.0, -50.0), mask)["total"].item() == pytest.approx(0, abs=1e-6)


@pytest.mark.slow
def test_training_gives_the_same_small_file_again(tmp_path, monkeypatch):
    suite = MiniSuite()
    whole = suite.index
    monkeypatch.setattr(suite, "index", lambda split: whole(split).iloc[:64])
    file = train(suite, tmp_path, steps=4)
    assert file.stat().st_size < 4_000_000
    first = load_safetensors(file)
    file.unlink()
    finished, anew = train(suite, tmp_path, steps=4), train(suite, tmp_path / "once", steps=4)
    for again in (load_safetensors(finished), load_safetensors(anew)):
        assert all(torch.equal(tensor, again[name]) for name, tensor in first.items())
