"""Where the eyes lie, and the patient's own set in at other places."""

import numpy as np
import pytest
import torch

from medbench.methods.eye_window import eye_centres, own_eyes, spots
from medbench.methods.face_region import Box, Face
from medbench.methods.face_window import Window


def test_the_patients_eyes_move_to_the_persons_places():
    images = torch.full((1, 3, 256, 256), 0.5)
    images[:, :, 100:104, 80:84] = 1.0
    own, eyes = (
        torch.tensor([[[82.0, 102.0], [160.0, 102.0]]]),
        torch.tensor([[[86.0, 108.0], [164.0, 108.0]]]),
    )
    moved = own_eyes(images, torch.full_like(images, 0.5), own, eyes)
    rows, cols = (moved[0, 0] > 0.7).nonzero(as_tuple=True)
    assert rows.float().mean() == pytest.approx(107.5, abs=0.5)
    assert cols.float().mean() == pytest.approx(85.5, abs=0.5)


def test_spots_mark_the_eyes():
    near = spots(torch.tensor([[[90.0, 120.0], [160.0, 120.0]]]))
    assert near[0, 0, 120, 90] > 0.9 > 0.1 > near[0, 1, 120, 90]
    assert near[0, 1, 120, 160] > 0.9 > 0.1 > near[0, :, 220, 128].max()


def test_eye_centres_are_the_means_of_six_points_in_the_windows_pixels():
    landmarks = np.zeros((68, 2), np.float32)
    landmarks[36:42] = [40, 60] + np.arange(6, dtype=np.float32)[:, None] - 2.5
    landmarks[42:48] = [80, 60]
    face = Face(Box(20, 30, 100, 110), landmarks)
    # The window's 128 pixels become 256; pixel centres scale, not pixel corners.
    found = eye_centres(face, Window(top=10, left=20, side=128))
    assert torch.allclose(found, torch.tensor([[41.0, 101.0], [121.0, 101.0]]))
