"""Evaluators on drawn faces and on strange pictures, against dlib itself."""

import numpy as np
import pytest
import torch

from medbench.core import MedbenchError, Unavailable
from medbench.registry import Registry

dlib = pytest.importorskip("dlib")

NAMES = ("detector_hog", "detector_mtcnn", "landmarks_dlib", "identity_dlib", "diagnosis_mini", "gaze_mini")
IDS = ("val-0000-0", "val-0001-3", "val-0002-5", "val-0003-6")


@pytest.fixture(scope="module")
def evaluators():
    found = {}
    for name in NAMES:
        found[name] = Registry("evaluators").get(name)()
        found[name].load()
    return found


@pytest.fixture(scope="module")
def drawn():
    from medbench.suites.mini.render import render
    from medbench.suites.mini.splits import scene_of

    return [render(*scene_of(name)) for name in IDS]


@pytest.fixture(scope="module")
def pictures(drawn):
    return np.stack([face.image for face in drawn])


def floats(pictures):
    return torch.from_numpy(np.ascontiguousarray(pictures)).permute(0, 3, 1, 2).float() / 255


@pytest.fixture(scope="module")
def images(pictures):
    return floats(pictures)


@pytest.fixture(scope="module")
def boxes(evaluators, images):
    return evaluators["detector_hog"].look(images)["boxes"]


def test_the_detector_gives_dlibs_box(evaluators, pictures, images):
    found = evaluators["detector_hog"].look(images)
    for row, picture in enumerate(pictures):
        (r,) = dlib.get_frontal_face_detector()(picture, 0)
        np.testing.assert_array_equal(found["boxes"][row], [r.left(), r.top(), r.right(), r.bottom()])
    assert found["detected"].all() and (found["faces"] == 1).all()


def test_a_large_picture_gets_its_box_in_its_own_pixels(evaluators, images, boxes):
    large = torch.nn.functional.interpolate(images[:1], scale_factor=5, mode="bilinear")
    found = evaluators["detector_hog"].look(large)["boxes"][0]
    width = boxes[0, 2] - boxes[0, 0]
    assert np.abs(found / 5 - boxes[0]).max() < width / 6  # sizes go by 5/6 from step to step


def test_the_largest_of_two_faces_is_taken(evaluators, images):
    small = torch.nn.functional.interpolate(images[:1], size=(160, 160), mode="area")
    both = torch.zeros(1, 3, 256, 480)
    both[..., :256], both[..., :160, 300:460] = images[:1], small
    found = evaluators["detector_hog"].look(both)
    assert found["faces"][0] == 2 and found["boxes"][0, 2] < 256


def test_landmarks_are_dlibs(evaluators, pictures, images, boxes):
    from medbench.weights import find

    predictor = dlib.shape_predictor(str(find("dlib_landmarks_68")))
    found = evaluators["landmarks_dlib"].look(images, boxes)["landmarks"]
    assert found.dtype == np.float32
    for row, picture in enumerate(pictures):
        parts = predictor(picture, dlib.rectangle(*(int(v) for v in boxes[row]))).parts()
        np.testing.assert_array_equal(found[row], [(p.x, p.y) for p in parts])


def test_the_descriptor_is_dlibs_to_1e_5(evaluators, pictures, images, boxes):
    from medbench.weights import find

    predictor = dlib.shape_predictor(str(find("dlib_landmarks_68")))
    theirs = dlib.face_recognition_model_v1(str(find("dlib_descriptor")))
    ours = evaluators["identity_dlib"].look(images, boxes)["identity"]
    for row, picture in enumerate(pictures):
        shape = predictor(picture, dlib.rectangle(*(int(v) for v in boxes[row])))
        np.testing.assert_allclose(
            ours[row], theirs.compute_face_descriptor(picture, shape), atol=1e-5, rtol=0
        )


def test_the_descriptor_is_dlibs_on_any_chip():
    from medbench.metrics.evaluators.dlib_resnet import DlibResnet
    from medbench.weights import find

    chips = np.random.default_rng(3).integers(0, 256, (2, 150, 150, 3), dtype=np.uint8)
    with torch.inference_mode():
        ours = DlibResnet(find("dlib_descriptor"))(torch.from_numpy(chips).permute(0, 3, 1, 2).float())
    theirs = dlib.face_recognition_model_v1(str(find("dlib_descriptor")))
    for row, chip in enumerate(chips):
        np.testing.assert_allclose(ours[row], theirs.compute_face_descriptor(chip), atol=1e-5, rtol=0)


def test_mtcnn_finds_eyes_and_mouth_where_they_are(evaluators, drawn, images):
    found = evaluators["detector_mtcnn"].look(images[:2])
    assert found["mtcnn_detected"].all()
    for row, face in enumerate(drawn[:2]):
        truth = face.landmarks
        eyes = [truth[36:42].mean(0), truth[42:48].mean(0), truth[48], truth[54]]
        unit = np.linalg.norm(truth[36] - truth[45])
        apart = np.linalg.norm(found["mtcnn_points"][row][[0, 1, 3, 4]] - eyes, axis=1)
        assert apart.max() < 0.15 * unit


@pytest.mark.parametrize("name", NAMES)
def test_neighbours_do_not_matter(evaluators, images, boxes, name):
    together = evaluators[name].look(images, boxes)
    order = [2, 0, 3, 1]
    shuffled = evaluators[name].look(images[order], boxes[order])
    alone = evaluators[name].look(images[1:2], boxes[1:2])
    for column, values in together.items():
        np.testing.assert_allclose(shuffled[column], values[order], atol=2e-4)
        np.testing.assert_allclose(alone[column], values[1:2], atol=2e-4)


@pytest.mark.parametrize("name", ["landmarks_dlib", "identity_dlib", "diagnosis_mini", "gaze_mini"])
def test_nothing_is_seen_without_a_box(evaluators, images, boxes, name):
    holed = boxes.copy()
    holed[1] = np.nan
    (values,) = evaluators[name].look(images, holed).values()
    assert np.isnan(values[1]).all() and np.isfinite(values[[0, 2, 3]]).all()
    (values,) = evaluators[name].look(images).values()
    assert np.isnan(values).all() and len(values) == 4


def strange():
    noise = np.random.default_rng(1).integers(0, 256, (2, 64, 64, 3), dtype=np.uint8)
    black, wide = np.zeros((1, 64, 200, 3), np.uint8), np.full((1, 700, 1000, 3), 255, np.uint8)
    return {"noise": noise, "black": black, "wide": wide, "none": np.zeros((0, 64, 64, 3), np.uint8)}


BOXES = {
    "none": [np.nan] * 4,
    "outside": [-90, -90, 900, 2000],
    "far": [5e3, 5e3, 6e3, 6e3],
    "empty": [9, 9, 9, 9],
}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("kind", ["noise", "black", "wide", "none"])
def test_strange_pictures_raise_nothing(evaluators, name, kind):
    pixels = floats(strange()[kind])
    for box in BOXES.values():
        columns = evaluators[name].look(pixels, np.tile(np.float32(box), (len(pixels), 1)))
        assert tuple(columns) == evaluators[name].produces
        assert all(len(values) == len(pixels) for values in columns.values())


def test_pixels_that_are_no_numbers_raise_nothing(evaluators, images, boxes):
    broken = images.clone()
    broken[0, :, 50:100] = float("nan")
    for evaluator in evaluators.values():
        evaluator.look(broken, boxes)


def test_fingerprints_differ_and_hold(evaluators):
    prints = [evaluator.fingerprint() for evaluator in evaluators.values()]
    assert len(set(prints)) == len(prints)
    assert prints == [Registry("evaluators").get(name)().fingerprint() for name in NAMES]


def test_missing_weights_name_the_command(monkeypatch):
    from medbench.weights import finding

    monkeypatch.setattr(finding, "weight_files", dict)
    evaluator = Registry("evaluators").get("diagnosis_mini")()
    with pytest.raises(Unavailable, match=r"training diagnosis_mini"):
        evaluator.load()


def test_weights_of_another_network_are_refused(monkeypatch):
    from medbench.metrics.evaluators import eye_evaluator

    monkeypatch.setattr(eye_evaluator, "load_safetensors", lambda path: {"head.0.weight": torch.zeros(2)})
    with pytest.raises(MedbenchError, match="another network"):
        Registry("evaluators").get("gaze_mini")().load()


def test_missing_dlib_names_the_install_line(monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "dlib", None)
    with pytest.raises(Unavailable, match="pip install --no-deps dlib-bin"):
        Registry("evaluators").get("detector_hog")().load()
