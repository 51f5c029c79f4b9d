"""Any recogniser in an ONNX file judges identity; DeepFace's graphs judge age, sex and ethnicity."""

from __future__ import annotations

import json

import numpy as np
import pytest
import small_onnx
import torch
from seeded_weights import POINTS, seeded_faces

from medbench.core import MedbenchError, Unavailable
from medbench.metrics.evaluators.recognition.cutting import PointsCutter
from medbench.registry import Registry
from medbench.weights.bringing import add

onnxruntime = pytest.importorskip("onnxruntime")
BOX = np.array([[50.0, 40, 210, 200]])


@pytest.fixture
def evaluator(monkeypatch, tmp_path):
    monkeypatch.setenv("MEDBENCH_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("MEDBENCH_ONNX_RECOGNISER", raising=False)
    monkeypatch.setattr(PointsCutter, "cut", lambda self, image, box: self.turn(image, POINTS))
    return Registry("evaluators").get("identity_onnx")()


@pytest.fixture
def picture():
    return seeded_faces(1, 256, 256, "picture")[0]


def images(picture, count=1):
    return torch.from_numpy(np.stack([picture] * count)).permute(0, 3, 1, 2).float() / 255


def expected(face, mean, std):
    """The graph's pooling in numpy."""
    pixels = (face.astype(float) - mean) / std
    pooled = pixels.reshape(2, 56, 2, 56, 3).mean(axis=(1, 3)).transpose(2, 0, 1).ravel()
    return pooled / np.linalg.norm(pooled)


def test_a_graph_of_the_store_sees_the_aligned_face(evaluator, picture, tmp_path):
    file = tmp_path / "mine.onnx"
    file.write_bytes(small_onnx.pooling())
    add("onnx_recogniser", file)
    evaluator.load()
    found = evaluator.look(images(picture, 3), BOX.repeat(3, axis=0))["identity"]
    face = evaluator.cutter.turn(picture, POINTS)
    np.testing.assert_allclose(found, np.stack([expected(face, 127.5, 127.5)] * 3), atol=1e-5)
    assert "points/112x112" in evaluator.fingerprint()


def test_a_graph_that_takes_one_face_and_says_how(evaluator, picture, tmp_path, monkeypatch):
    file = tmp_path / "mine.onnx"
    file.write_bytes(small_onnx.pooling((1, 3, 112, 112)))
    (tmp_path / "mine.json").write_text(json.dumps({"mean": 0, "std": 255, "blue_first": True}))
    monkeypatch.setenv("MEDBENCH_ONNX_RECOGNISER", str(file))
    evaluator.load()
    found = evaluator.look(images(picture, 2), BOX.repeat(2, axis=0))["identity"]
    face = evaluator.cutter.turn(picture, POINTS)[..., ::-1]
    np.testing.assert_allclose(found, np.stack([expected(face, 0, 255)] * 2), atol=1e-5)
    fingerprint = evaluator.fingerprint()
    (tmp_path / "mine.json").write_text(json.dumps({"alignment": "box"}))
    evaluator.load()
    assert evaluator.fingerprint() != fingerprint
    assert np.isfinite(evaluator.look(images(picture), BOX)["identity"]).all()


@pytest.mark.parametrize(
    ("content", "settings", "match"),
    [
        (b"\x08\x08 no graph", None, "no ONNX graph that can be run"),
        (small_onnx.pooling(("n", 4, 112, 112)), None, "does not take faces"),
        (small_onnx.pooling(), "{", "mine.json"),
        (small_onnx.pooling(), '{"colour": "BGR"}', "unknown: colour"),
    ],
)
def test_what_cannot_be_used_is_named(evaluator, tmp_path, monkeypatch, content, settings, match):
    file = tmp_path / "mine.onnx"
    file.write_bytes(content)
    if settings:
        file.with_suffix(".json").write_text(settings)
    monkeypatch.setenv("MEDBENCH_ONNX_RECOGNISER", str(file))
    with pytest.raises(MedbenchError, match=match):
        evaluator.load()
    monkeypatch.setenv("MEDBENCH_ONNX_RECOGNISER", str(tmp_path / "nowhere.onnx"))
    with pytest.raises(Unavailable, match="MEDBENCH_ONNX_RECOGNISER"):
        evaluator.load()


def _classifier(classes):
    """(B, 224, 224, 3) -> chances, from the mean of each channel: as DeepFace's graphs take faces."""
    weights = np.linspace(-9, 9, 3 * classes).reshape(3, classes)
    nodes = [
        small_onnx.node("Transpose", ["x"], "t", perm=[0, 3, 1, 2]),
        small_onnx.node("AveragePool", ["t"], "p", kernel_shape=[224, 224]),
        small_onnx.node("Flatten", ["p"], "f", axis=1),
        small_onnx.node("MatMul", ["f", "w"], "m"),
        small_onnx.node("Softmax", ["m"], "y"),
    ]
    return small_onnx.model(nodes, ("n", 224, 224, 3), [small_onnx.tensor("w", weights)]), weights


def test_deepface_without_its_package_or_files_says_what_to_do(evaluator, monkeypatch):
    attributes = Registry("evaluators").get("age_sex_ethnicity")()
    with pytest.raises(Unavailable, match=r"pip install --no-deps deepface|medbench weights fetch deepface"):
        attributes.load()


def test_deepfaces_package_reads_the_verified_files(evaluator, picture, tmp_path, monkeypatch):
    pytest.importorskip("deepface")
    pytest.importorskip("gdown")
    monkeypatch.setenv("DEEPFACE_HOME", str(tmp_path / "deepface"))
    weights = {}
    for name, classes in (("deepface_age", 101), ("deepface_gender", 2), ("deepface_race", 6)):
        content, weights[name] = _classifier(classes)
        (tmp_path / f"{name}.onnx").write_bytes(content)
        add(name, tmp_path / f"{name}.onnx")
    attributes = Registry("evaluators").get("age_sex_ethnicity")()
    attributes.load()
    found = attributes.look(images(picture, 2), np.array([BOX[0], [np.nan] * 4]))
    means = picture[40:200, 50:210, ::-1].mean(axis=(0, 1)) / 255
    chances = {}
    for name, matrix in weights.items():
        powers = np.exp(means @ matrix)
        chances[name] = powers / powers.sum()
    assert found["age"][0] == pytest.approx(chances["deepface_age"] @ np.arange(101), abs=0.05)
    np.testing.assert_allclose(found["sex"][0], chances["deepface_gender"], atol=1e-2)
    np.testing.assert_allclose(found["ethnicity"][0], chances["deepface_race"], atol=1e-2)
    assert all(np.isnan(column[1]).all() for column in found.values())
    assert not (tmp_path / "deepface").exists(), "the package fetched nothing"
