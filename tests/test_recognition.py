"""Official recognisers give their upstreams' outputs from their upstreams' files.

recognition_reference.json was written by the upstreams' own code (repository and commit stand in it),
filled with the same seeded weights and fed through the upstreams' own alignment and ranges.
"""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import numpy as np
import pytest
import torch
from seeded_weights import POINTS, seed_weights, seeded_faces, shapes_digest

from medbench.core import MedbenchError, Unavailable
from medbench.metrics.evaluators.recognition.cutting import (
    ARCFACE,
    SPHEREFACE,
    BoxCutter,
    PointsCutter,
    cut_box,
    five_points,
    similarity,
)
from medbench.registry import Registry
from medbench.weights.bringing import add

REFERENCE = json.loads((Path(__file__).parent / "recognition_reference.json").read_text())
FACENETS = ("identity_facenet_vggface2", "identity_facenet_casia")
OTHERS = (
    "identity_sphereface20",
    "identity_arcface_r50",
    "identity_arcface_r100",
    "identity_cosface_r50",
    "identity_cosface_r100",
    "identity_adacos",
)
QUICK = ("identity_sphereface20", "identity_arcface_r50", "identity_adacos")
BOX = np.array([[60.0, 70, 190, 200]])


@pytest.fixture
def store(monkeypatch, tmp_path):
    monkeypatch.setenv("MEDBENCH_CACHE", str(tmp_path / "cache"))
    yield tmp_path
    for file in tmp_path.rglob("*.p*t*"):
        file.unlink()  # hundreds of megabytes, which pytest would keep


def as_published(name, network):
    """The network's seeded state, packed as the upstream's file is."""
    state = seed_weights(network).state_dict()
    if name == "identity_sphereface20":
        return {**state, "fc6.weight": torch.zeros(512, 10574)}
    if name == "identity_adacos":
        inner = {f"backbone.{key}": value for key, value in state.items()}
        return {"state_dict": {**inner, "head.W": torch.zeros(10, 512)}, "epoch": 17, "batch_id": 0}
    return state


def loaded(name, store):
    evaluator = Registry("evaluators").get(name)()
    torch.save(as_published(name, evaluator.network()), store / "published.pth")
    add(evaluator.weights, store / "published.pth")
    evaluator.load()
    return evaluator


def picture():
    return torch.from_numpy(seeded_faces(1, 256, 256, "picture")).permute(0, 3, 1, 2).float() / 255


def _slow(name):
    return pytest.param(name, marks=pytest.mark.slow if name not in QUICK else [])


@pytest.mark.parametrize("name", [_slow(name) for name in OTHERS])
def test_file_and_picture_give_the_upstreams_embedding(name, store, monkeypatch):
    reference = REFERENCE[name.replace("cosface", "arcface")]
    evaluator = loaded(name, store)
    cutter = evaluator.cutter
    monkeypatch.setattr(PointsCutter, "cut", lambda self, image, box: cutter.turn(image, POINTS))
    found = evaluator.look(picture(), BOX)["identity"][0]
    assert np.linalg.norm(found) == pytest.approx(1, abs=1e-5)
    expected = np.array(reference["embedding"])
    np.testing.assert_allclose(found[: len(expected)], expected, atol=1e-4)
    state = evaluator._network.state_dict()
    if name == "identity_sphereface20":
        state["fc6.weight"] = torch.zeros(512, 10574)
    assert shapes_digest(state) == reference["names"], "names and shapes of the upstream's file"
    print_ = evaluator.fingerprint()
    assert evaluator._sha256 in print_ and print_.startswith(name)


@pytest.fixture(scope="module")
def upstream_facenet():
    from medbench.metrics.evaluators.torchvision_shim import import_torchvision

    if not importlib.util.find_spec("facenet_pytorch"):
        pytest.skip("facenet-pytorch is not installed")
    import_torchvision()  # before the package imports it
    from facenet_pytorch import InceptionResnetV1

    return seed_weights(InceptionResnetV1(classify=False)).eval()


def test_facenet_from_the_packages_own_file_equals_the_package(upstream_facenet, store, monkeypatch):
    from facenet_pytorch import extract_face, fixed_image_standardization
    from PIL import Image

    evaluator = Registry("evaluators").get("identity_facenet_vggface2")()
    state = {
        **upstream_facenet.state_dict(),
        "logits.weight": torch.zeros(8631, 512),
        "logits.bias": torch.zeros(8631),
    }
    torch.save(state, store / "published.pt")
    add("facenet_vggface2", store / "published.pt")
    evaluator.load()
    # The estimate of MTCNN's box aside: the box itself is cut.
    monkeypatch.setattr("medbench.metrics.evaluators.recognition.cutting.MTCNN_BESIDE_HOG", (0, 0, 0, 0))
    found = evaluator.look(picture(), BOX)["identity"]
    image = Image.fromarray(seeded_faces(1, 256, 256, "picture")[0])
    face = fixed_image_standardization(extract_face(image, BOX[0]))
    with torch.no_grad():
        expected = upstream_facenet(face[None]).numpy()
    np.testing.assert_allclose(found, expected, atol=1e-4)


def test_boxes_are_cut_as_facenet_pytorch_cuts_them(upstream_facenet):
    from facenet_pytorch import extract_face
    from PIL import Image

    picture = seeded_faces(1, 120, 100, "cut")[0]
    for box in ([10.7, 20.2, 80.9, 99.9], [-15, -3, 60, 70], [50, 60, 140, 150]):
        expected = extract_face(Image.fromarray(picture), np.array(box)).permute(1, 2, 0).numpy()
        np.testing.assert_array_equal(cut_box(picture, np.array(box), 160), expected)
    assert cut_box(picture, np.array([120.0, 0, 150, 10]), 160) is None


def test_alignment_is_the_upstreams():
    arc, sphere = np.array(ARCFACE), np.array(SPHEREFACE)
    np.testing.assert_allclose(similarity(POINTS, arc), REFERENCE["alignment"]["arcface"], atol=1e-4)
    from medbench.metrics.evaluators.identity_onnx import template_of

    wide = np.array(template_of(128))
    np.testing.assert_allclose(similarity(POINTS, wide), REFERENCE["alignment"]["arcface_128"], atol=1e-4)
    np.testing.assert_allclose(template_of(224), 2 * arc)
    import cv2

    backwards = cv2.invertAffineTransform(similarity(sphere, POINTS))
    np.testing.assert_allclose(backwards, REFERENCE["alignment"]["sphereface"], atol=1e-4)


def test_alignment_is_skimages_too():
    from skimage.transform import SimilarityTransform

    expected = SimilarityTransform.from_estimate(POINTS, np.array(ARCFACE)).params[:2]
    np.testing.assert_allclose(similarity(POINTS, np.array(ARCFACE)), expected, atol=1e-9)


def test_five_points_are_eyes_nose_and_mouth_corners():
    marks = np.zeros((68, 2))
    marks[36:42], marks[42:48], marks[30], marks[48], marks[54] = 1, 2, 3, 4, 5
    np.testing.assert_array_equal(five_points(marks)[:, 0], [1, 2, 3, 4, 5])


def test_the_estimated_box_is_higher_than_dlibs():
    seen = []
    image = np.zeros((200, 200, 3), np.uint8)
    image[:, :, 0] = np.arange(200)[:, None]
    face = BoxCutter(160).cut(image, np.array([50.0, 60, 150, 160]))
    seen.append((face[0, 0, 0], face[-1, 0, 0]))
    # 21 % of the side above dlib's box, 7 % below it.
    assert abs(int(seen[0][0]) - 39) <= 1 and abs(int(seen[0][1]) - 165) <= 1


@pytest.mark.parametrize("name", [*FACENETS, *OTHERS, "identity_onnx"])
def test_without_weights_there_is_a_line_and_no_number(name, store):
    evaluator = Registry("evaluators").get(name)()
    if name == "identity_onnx":
        pytest.importorskip("onnxruntime")
    with pytest.raises(Unavailable, match=f"medbench weights (fetch|add) {evaluator.weights}"):
        evaluator.load()
    assert not evaluator.automatic and evaluator.licence and evaluator.citation


def test_another_networks_file_is_refused(store):
    evaluator = Registry("evaluators").get("identity_adacos")()
    torch.save({"state_dict": {"backbone.conv1.conv.weight": torch.zeros(64, 3, 3, 3)}}, store / "other.pth")
    add("adacos_mobilefacenet", store / "other.pth")
    with pytest.raises(MedbenchError, match="is not of MobileFaceNet"):
        evaluator.load()


def test_safetensors_prefixes_of_trainings_and_heads(store):
    from safetensors.torch import save_file

    evaluator = Registry("evaluators").get("identity_adacos")()
    inner = as_published("identity_adacos", evaluator.network())["state_dict"]
    save_file({f"module.{key}": value.clone() for key, value in inner.items()}, store / "published.pt")
    add("adacos_mobilefacenet", store / "published.pt")
    evaluator.load()
    expected = inner["backbone.linear.weight"]
    assert torch.equal(evaluator._network.linear.weight, expected)


def test_no_box_no_face_no_batch(store):
    evaluator = loaded("identity_adacos", store)
    boxes = np.array([[np.nan] * 4, [300.0, 300, 400, 400], [10, 10, 10, 10]])
    images = picture().expand(3, -1, -1, -1)
    assert np.isnan(evaluator.look(images, None)["identity"]).all()
    pytest.importorskip("dlib")
    found = evaluator.look(images, boxes)["identity"]
    assert np.isnan(found[0]).all() and np.isnan(found[2]).all()
    assert evaluator.look(images[:0], boxes[:0])["identity"].shape == (0, 512)
