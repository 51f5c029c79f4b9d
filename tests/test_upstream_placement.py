"""Framing and putting back: beside other implementations, and numbers worked by hand."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from PIL import Image
from skimage.transform import SimilarityTransform

from medbench.core import FaceNotFound
from medbench.methods.face_region import Box, Face
from medbench.methods.upstream.adapters import adapter_named, adapter_names
from medbench.methods.upstream.alignment import ffhq, five_points, similarity

RNG = np.random.default_rng(5)


def face(turn=0.0, scale=1.0, middle=(150.0, 140.0)):
    """A front face of 68 points around ``middle``, turned by ``turn`` radians."""
    points = RNG.normal(0, 3, (68, 2))
    for part, (x, y) in {
        (36, 42): (-25, -20),
        (42, 48): (25, -20),
        (27, 36): (0, 0),
        (48, 68): (0, 25),
    }.items():
        points[slice(*part)] += (x, y)
    points[39], points[42], points[48], points[54] = (-15, -20), (15, -20), (-18, 26), (18, 26)
    points[:17, 0], points[:17, 1] = np.linspace(-50, 50, 17), 45 * np.sin(np.linspace(0, np.pi, 17))
    rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    points = points @ rotation.T * scale + middle
    return Face(Box(*points.min(0), *points.max(0)), points.astype(np.float32))


def smooth(height=300, width=320):
    """A picture whose colours change slowly, uint8."""
    y, x = np.mgrid[:height, :width] / 40
    waves = [np.sin(x + y * k) + np.cos(y - x * k / 2) for k in (0.3, 0.7, 1.1)]
    return (128 + 50 * np.stack(waves, -1)).clip(0, 255).astype(np.uint8)


def tensor(picture):
    return torch.from_numpy(picture).permute(2, 0, 1).float() / 255


def test_similarity_is_that_of_skimage():
    points, target = RNG.normal(0, 30, (5, 2)), RNG.normal(0, 30, (5, 2))
    matrix, left = similarity(points, target)
    theirs = SimilarityTransform.from_estimate(points, target)
    assert np.allclose(matrix, theirs.params[:2])
    assert left == pytest.approx(theirs.residuals(points, target).mean())


def test_ffhq_is_pillows_quad_between_the_corners_of_ffhq():
    one, picture = face(0.2), smooth()
    left, right, _, mouth_left, mouth_right = five_points(one.landmarks)
    eye, mouth = (left + right) / 2, (mouth_left + mouth_right) / 2
    x = (right - left) - np.flipud(mouth - eye) * [-1, 1]
    x *= max(np.hypot(*(right - left)) * 2.0, np.hypot(*(mouth - eye)) * 1.8) / np.hypot(*x)
    y, centre = np.flipud(x) * [-1, 1], eye + (mouth - eye) * 0.1
    quad = np.stack([centre - x - y, centre - x + y, centre + x + y, centre + x - y]) + 0.5
    theirs = Image.fromarray(picture).transform((128, 128), Image.QUAD, quad.flatten(), Image.BILINEAR)
    ours = ffhq(one, 128).cut(picture)
    inside = np.s_[30:98, 30:98]
    assert np.abs(ours[inside].astype(float) - np.asarray(theirs)[inside]).mean() < 1.5


def test_ciagan_by_hand():
    one = face()
    one.landmarks[39], one.landmarks[42] = (130, 120), (160, 122)
    placed = adapter_named("ciagan").place(one, 300, 320)
    # Distance 30: half as high as 150, half as wide as int(150 / 218 * 178) = 122, around (145, 121).
    corner = np.array([145 - 122, 121 - 150]) - 0.5
    assert np.allclose(placed.matrix @ [*corner, 1], [-0.5, -0.5])
    assert np.allclose(placed.matrix @ [*np.add(corner, (244, 300)), 1], [177.5, 217.5])
    assert (placed.size, placed.result_size) == ((178, 218), (128, 128))
    # The loader keeps 8 to 136 of 144.
    assert np.allclose(placed._to_result() @ [*np.add(corner, (244 / 18, 300 / 18)), 1], [-0.5, -0.5])


def test_ciagan_refuses_a_face_from_the_side():
    one = face()
    one.landmarks[42] = one.landmarks[39]
    with pytest.raises(FaceNotFound, match="from the front"):
        adapter_named("ciagan").place(one, 300, 320)


@pytest.mark.parametrize("name", [name for name in adapter_names() if adapter_named(name).place])
@pytest.mark.parametrize("scale", [1.0, 2.5])
def test_what_is_cut_goes_back_where_it_was(name, scale):
    picture = smooth(700, 800) if scale > 1 else smooth()
    placed = adapter_named(name).place(face(0.1, scale, (150 * scale, 140 * scale)), *picture.shape[:2])
    assert placed.cut(picture).shape == (placed.size[1], placed.size[0], 3)
    same = placed.paste(tensor(picture), placed.frame(picture))
    assert (same - tensor(picture)).abs().mean() * 255 < 1
    black = placed.paste(tensor(picture), np.zeros_like(placed.frame(picture)))
    nose = face(0.1, scale, (150 * scale, 140 * scale)).landmarks[30].astype(int)
    assert black[:, nose[1], nose[0]].max() < 0.02
    far = black[:, -3:, -3:]
    assert torch.equal(far, tensor(picture)[:, -3:, -3:]), "beyond the frame nothing changes"


def test_sim_swap_takes_the_pose_that_fits():
    place = adapter_named("sim-swap").place
    front = face()
    left, right, nose = front.landmarks[36:42].mean(0), front.landmarks[42:48].mean(0), front.landmarks[30]
    turned = Face(front.box, front.landmarks.copy())
    turned.landmarks[30] = left - (0.2 * (right - left))
    placed = [five_points(place(one, 300, 320).landmarks) for one in (front, turned)]
    assert abs(placed[0][2][0] - 112) < 8, "the nose of a front face lies in the middle"
    assert nose[0] > turned.landmarks[30][0]
    assert placed[1][2][0] < 90, "and to the side in one that looks there"
