"""Holes, drawings of landmarks, and the generator that the inpainting methods share."""

import numpy as np
import pytest
import torch

from medbench.methods.deepprivacy.model import SIGHT, generator
from medbench.methods.face_drawing import blobs, keypoints, line_drawing, part_map
from medbench.methods.face_hole import box_hole, head_hole, jaw_hole
from medbench.methods.face_mask import face_mask
from medbench.methods.inpainting import shown
from medbench.methods.networks.face_frame import face_grid, places
from medbench.methods.networks.inpainting import NOISE
from medbench.methods.training.face_codes import face_codes
from medbench.methods.training.holes import Holes
from medbench.methods.training.inpainting import painted
from medbench.suites.mini.splits import sample_ids
from medbench.suites.mini.suite import MiniSuite


@pytest.fixture(scope="module")
def sample():
    return MiniSuite().read("select", "select-0003-2")


@pytest.fixture(scope="module")
def picture(sample):
    return torch.from_numpy(sample.image).permute(2, 0, 1).float() / 255


@pytest.fixture(scope="module")
def landmarks(sample):
    return sample.truth["landmarks68"]


@pytest.mark.parametrize("cut", [box_hole, jaw_hole, head_hole])
def test_a_hole_lets_nothing_of_the_face_through(cut, picture, landmarks):
    hole = cut(landmarks)
    other = picture.clone()
    inside = hole.emptied(torch.ones_like(picture))[0] == 0
    other[:, inside] = torch.rand(3, int(inside.sum()))
    drawing = torch.rand(3, 128, 128)
    assert torch.equal(hole.context(hole.emptied(picture)), hole.context(hole.emptied(other)))
    assert torch.equal(hole.fill(picture, drawing), hole.fill(other, drawing))
    far = ~torch.from_numpy(face_mask(landmarks, 256, 256)) & ~inside
    far &= torch.nn.functional.max_pool2d(inside.float()[None], 41, 1, 20)[0] == 0
    assert torch.equal(hole.fill(picture, drawing)[:, far], picture[:, far])


def test_holes_cover_what_they_say(landmarks):
    inside = np.zeros((3, 256, 256), bool)
    for flat, cut in zip(inside, (jaw_hole, box_hole, head_hole), strict=True):
        flat[:] = cut(landmarks).emptied(torch.ones(3, 256, 256))[0].numpy() == 0
    x, y = landmarks[36:68].round().astype(int).T
    assert inside[:, y, x].all(), "eyes and mouth"
    assert inside[2].sum() > 1.25 * inside[0].sum()
    assert inside[2][face_mask(landmarks, 256, 256)].mean() > 0.85, "but for the hair above the square"


def test_a_hole_at_the_rim_of_a_small_picture_is_cut_and_filled():
    landmarks = np.random.default_rng(0).uniform(20, 70, (68, 2)).astype(np.float32)
    small = torch.rand(3, 64, 80)
    hole = box_hole(landmarks)
    assert hole.context(hole.emptied(small)).shape == (4, 128, 128)
    assert hole.fill(small, torch.rand(3, 128, 128)).shape == small.shape


def test_the_spline_takes_landmarks_to_the_average_faces():
    rng = np.random.default_rng(1)
    frame = rng.uniform(-0.7, 0.7, (7, 2))
    turn = np.array([[0.9, -0.2], [0.2, 0.9]])
    grid = face_grid(frame @ np.linalg.inv(turn).T, frame)
    centres = (np.arange(32) + 0.5) / 16 - 1
    here = np.stack(np.meshgrid(centres, centres))
    np.testing.assert_allclose(grid, np.einsum("ij,jhw->ihw", turn, here), atol=0.02)
    assert places(torch.from_numpy(grid)[None], 64).shape == (1, 18, 64, 64)


def test_drawings_show_the_landmarks_and_no_more(landmarks):
    placed = box_hole(landmarks).points(landmarks)
    peaks = blobs(keypoints(placed), 128).reshape(7, -1).argmax(1)
    found = (np.stack([peaks % 128, peaks // 128], axis=1) + 0.5) / 64 - 1
    np.testing.assert_allclose(found, keypoints(placed), atol=1 / 64)
    lines, parts = line_drawing(placed, 128), part_map(placed, 128)
    moved = placed.copy()
    moved[17:27] += 0.1  # brows
    moved[36:48] += 0.1  # eyes
    assert np.array_equal(lines, line_drawing(moved, 128)), "CIAGAN draws neither eyes nor brows"
    assert not np.array_equal(parts, part_map(moved, 128))
    assert 0.01 < lines.mean() < 0.1 and (parts.reshape(6, -1).max(1) == 1).sum() >= 5


def test_codes_are_white_noise_that_tells_persons():
    ids = sample_ids("train")[::25]
    codes = face_codes(ids)
    assert codes.shape == (len(ids), NOISE)
    np.testing.assert_allclose(codes.T @ codes / len(ids), np.eye(NOISE), atol=1e-3)


def test_one_training_step_lowers_the_loss(picture, landmarks):
    torch.manual_seed(0)
    hole = box_hole(landmarks)
    net = generator()
    with torch.no_grad():
        net.frame.copy_(torch.from_numpy(SIGHT.points(hole.points(landmarks))))
    parts = shown(SIGHT, hole.emptied(picture), hole, landmarks, net.frame)
    holes = Holes(*(part[None] for part in parts), hole.cut(picture)[None])
    code = torch.randn(1, NOISE)

    def loss():
        return painted(net(holes.context, holes.guide, holes.grid, code), holes.truth, holes.hole)

    before = loss()
    before.backward()
    torch.optim.SGD(net.parameters(), 0.05).step()
    assert loss() < 0.995 * before
