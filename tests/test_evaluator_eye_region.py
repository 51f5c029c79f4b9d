"""What looks at the eyes alone: iris centres, the side of a sign, identity of the kept region."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
import torch

from medbench.core import DISEASES
from medbench.metrics.evaluators.eye_networks import DiagnosisNetwork
from medbench.metrics.evaluators.iris_gradients import IrisCentres, iris_centre
from medbench.metrics.evaluators.side_mini import MiniSide, SideNetwork


def drawn_eye(x, y, radius=9.0, size=(120, 160)):
    """A white almond on skin, with a dark disc at (x, y); and the six points of its lids."""
    lids = np.array([[50, 60], [67, 48], [87, 48], [104, 60], [87, 72], [67, 72]], dtype=float)
    picture = np.full(size, 150, np.uint8)
    white = np.zeros(size, np.uint8)
    cv2.fillPoly(white, [lids.astype(np.int32)], 1)
    rows, columns = np.mgrid[: size[0], : size[1]]
    disc = (columns - x) ** 2 + (rows - y) ** 2 <= radius**2
    picture[white == 1] = 230
    picture[disc & (white == 1)] = 60
    return cv2.GaussianBlur(picture, (0, 0), 0.8), lids


@pytest.mark.parametrize("x, y", [(77, 60), (66, 61), (88, 58), (77, 54)])
def test_iris_is_found_where_it_was_drawn(x, y):
    found = iris_centre(*drawn_eye(x, y))
    assert np.abs(found - [x, y]).max() < 2.5


def test_iris_moves_with_the_picture_and_its_size():
    picture, lids = drawn_eye(70, 60)
    first = iris_centre(picture, lids)
    moved = iris_centre(np.roll(picture, (9, 13), axis=(0, 1)), lids + np.array([13, 9]))
    assert moved == pytest.approx(first + np.array([13, 9]))
    double = cv2.resize(picture, None, fx=2, fy=2, interpolation=cv2.INTER_LINEAR)
    assert iris_centre(double, lids * 2) / 2 == pytest.approx(first, abs=1.5)


def test_iris_of_no_eye():
    picture, lids = drawn_eye(70, 60)
    assert np.isnan(iris_centre(picture, lids * 0 + 5)).all()
    assert np.isnan(IrisCentres().look(torch.zeros(2, 3, 64, 64))["iris"]).all()
    flat = iris_centre(np.full((120, 160), 128, np.uint8), lids)
    assert np.isfinite(flat).all()


def test_mirrored_faces_swap_sides():
    torch.manual_seed(0)
    network = SideNetwork(DiagnosisNetwork()).eval()
    crops = torch.rand(5, 2, 3, 64, 80)
    with torch.inference_mode():
        side, other = network(crops), network(crops.flip(1))
        equal = network(crops[:, [0, 0]])
    assert side.shape == (5, 1) and torch.all((side > 0) & (side < 1))
    torch.testing.assert_close(side + other, torch.ones(5, 1))
    torch.testing.assert_close(equal, torch.full((5, 1), 0.5))


@pytest.fixture(scope="module")
def faces():
    """Both BCC images and their boxes around drawn landmarks: a sign at the right and at the left eye."""
    from medbench.suites.mini.suite import MiniSuite

    suite = MiniSuite()
    index = suite.index("select").query("disease == 'BCC' and severity != 'slight'")
    rows = [index[index["side"] == side].iloc[0] for side in "RL"]
    samples = [suite.read("select", row["id"]) for row in rows]
    images = torch.from_numpy(np.stack([s.image for s in samples])).permute(0, 3, 1, 2).float() / 255
    boxes = []
    for sample in samples:
        points = sample.truth["landmarks68"]
        right, left = points[36:42].mean(axis=0), points[42:48].mean(axis=0)
        width, middle = (left - right)[0] / 0.43, (left + right) / 2
        corner = middle - [width / 2, 0.305 * width]
        boxes.append([*corner, *(corner + width)])
    return images, np.array(boxes, np.float32)


def test_side_of_drawn_tumours(faces):
    evaluator = MiniSide()
    evaluator.load()
    images, boxes = faces
    side = evaluator.look(images, boxes)["side"]
    assert side[0, 0] > 0.5 > side[1, 0]
    assert np.isnan(evaluator.look(images)["side"]).all()
    assert "diagnosis_mini" in evaluator.fingerprint() and len(DISEASES) == 8


def test_identity_of_the_eyes_ignores_the_rest_of_the_face(faces):
    pytest.importorskip("dlib")
    from medbench.metrics.evaluators.identity_eyes import EyesIdentity

    evaluator = EyesIdentity()
    evaluator.load()
    images, boxes = faces
    image = (images[0].permute(1, 2, 0).numpy() * 255).astype(np.uint8)
    band, discs = evaluator.left_over(image, boxes[0])
    kept, within = (np.ptp(chip.reshape(-1, 3), axis=0).max() for chip in (band, discs))
    assert band.shape == discs.shape == (150, 150, 3) and kept > 50 and within > 50
    assert (discs != discs[0, 0]).any(axis=2).sum() < (band != band[0, 0]).any(axis=2).sum() < 150 * 150 / 2
    assert not (band[110:] != band[0, 0]).any()
    found = evaluator.look(images, np.array([boxes[0], [np.nan] * 4], np.float32))
    for name in ("identity_eyes", "identity_iris"):
        assert found[name].shape == (2, 128)
        assert np.isfinite(found[name][0]).all() and np.isnan(found[name][1]).all()
