"""What an inpainting method cuts out of a picture: a square around a face and the hole in it.

Everything follows from the 68 landmarks. The pixels of the hole are set to zero at the picture's
own resolution, before anything is resized, so that no interpolation carries them out.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from medbench.methods.face_mask import face_outline, feather, polygon_mask
from medbench.methods.face_window import Window, resize

#: Pixels per side of what the networks see and draw.
SIDE = 128
#: Half a side of the square, and how far it lies above the landmarks, which end at the brows, in
#: units of their larger extent.
_WINDOW, _UP = 0.74, 0.10
#: What the face box has beyond the landmarks, in units of their extents.
_SIDE_RIM, _CHIN_RIM, _FOREHEAD = 0.02, 0.03, 0.32
_HEAD_GROWTH = 1.03
#: How far the jaw's region goes above the brows, in lengths from brows to chin.
_LIFT = 0.16
#: Pixels of 128 over which the drawing fades into the picture, outside the hole.
_FEATHER = 4.0
_EDGE = 1e-3


class Hole(NamedTuple):
    """A square of a picture with a hole in it.

    Attributes:
        window: The square, in pixels; it may reach over the picture's rim.
        mask: bool (side, side), True where the face was cut out.
    """

    window: Window
    mask: np.ndarray

    def emptied(self, picture: Tensor) -> Tensor:
        """``picture`` (3, H, W) with zeros in the hole."""
        inner, (rows, columns) = self._inside(picture)
        out = picture.clone()
        out[:, rows, columns].masked_fill_(torch.from_numpy(self.mask[inner])[None], 0.0)
        return out

    def context(self, emptied: Tensor) -> Tensor:
        """What the generator sees of an emptied picture: (4, 128, 128), RGB and the hole (1 inside)."""
        hole = resize(torch.from_numpy(self.mask).to(emptied)[None], SIDE)
        return torch.cat([self.cut(emptied) * (hole < _EDGE), hole])

    def cut(self, picture: Tensor) -> Tensor:
        """The square of ``picture`` (3, H, W) at 128 px, its rim repeated beyond the picture's."""
        top, left, side = self.window
        height, width = picture.shape[1:]
        rows = torch.arange(top, top + side).clamp(0, height - 1)
        columns = torch.arange(left, left + side).clamp(0, width - 1)
        return resize(picture[:, rows[:, None], columns[None]], SIDE)

    def fill(self, picture: Tensor, drawing: Tensor) -> Tensor:
        """``picture`` with ``drawing`` (3, 128, 128) in the hole; the seam lies outside of it."""
        side = self.window.side
        inner, (rows, columns) = self._inside(picture)
        drawn = F.interpolate(drawing[None], (side, side), mode="bicubic", align_corners=False)[0]
        drawn = drawn.clamp(0, 1)[(slice(None), *inner)].contiguous()
        # In steps of 1/256: the last bit of a distance may change with where its array lies.
        weight = torch.tensor((feather(self.mask, _FEATHER * side / SIDE)[inner] * 256).round() / 256)
        out = picture.clone()
        there = out[:, rows, columns].contiguous()
        # Where the weight is 1, nothing of the picture may be left, not even its rounding.
        out[:, rows, columns] = torch.where(weight == 1, drawn, weight * drawn + (1 - weight) * there)
        return out

    def _inside(self, picture: Tensor) -> tuple[tuple[slice, slice], tuple[slice, slice]]:
        """The part of the square that lies in the picture, in the square's and the picture's pixels."""
        top, left, side = self.window
        height, width = picture.shape[1:]
        rows = slice(min(max(top, 0), height), max(min(top + side, height), 0))
        columns = slice(min(max(left, 0), width), max(min(left + side, width), 0))
        inner = (slice(rows.start - top, rows.stop - top), slice(columns.start - left, columns.stop - left))
        return inner, (rows, columns)

    def points(self, landmarks: np.ndarray) -> np.ndarray:
        """Landmarks (n, 2) of the picture in the square's coordinates, -1 to 1."""
        top, left, side = self.window
        return ((landmarks + 0.5 - [left, top]) * (2 / side) - 1).astype(np.float32)


def square(landmarks: np.ndarray) -> Window:
    """The square around a face, from its landmarks (68, 2)."""
    (x, y), reach = _centre(landmarks)
    half = _WINDOW * reach
    return Window(round(y - half), round(x - half), max(round(2 * half), 8))


def box_hole(landmarks: np.ndarray) -> Hole:
    """The face box: forehead to chin, ear to ear."""
    low, high = landmarks.min(0), landmarks.max(0)
    wide, tall = high - low
    left, right = low[0] - _SIDE_RIM * wide, high[0] + _SIDE_RIM * wide
    top, bottom = low[1] - _FOREHEAD * tall, high[1] + _CHIN_RIM * tall
    return _polygon(square(landmarks), np.array([[left, top], [right, top], [right, bottom], [left, bottom]]))


def jaw_hole(landmarks: np.ndarray) -> Hole:
    """CIAGAN's region: the jaw line, closed above the brows."""
    right, left = landmarks[[0, 19]], landmarks[[16, 24]]
    lift = _LIFT * (landmarks[8, 1] - (right[1, 1] + left[1, 1]) / 2)
    top = np.array([[left[0, 0], left[1, 1] - lift], [right[0, 0], right[1, 1] - lift]])
    return _polygon(square(landmarks), np.concatenate([landmarks[:17], top]))


def head_hole(landmarks: np.ndarray) -> Hole:
    """The face with forehead, temples and a rim around them."""
    outline = face_outline(landmarks)
    centre = outline.mean(0)
    return _polygon(square(landmarks), centre + _HEAD_GROWTH * (outline - centre))


def _centre(landmarks: np.ndarray) -> tuple[np.ndarray, float]:
    low, high = landmarks.min(0), landmarks.max(0)
    reach = float((high - low).max())
    return (low + high) / 2 - [0, _UP * reach], reach


def _polygon(window: Window, corners: np.ndarray) -> Hole:
    inside = (corners - [window.left, window.top]).astype(np.float32)
    return Hole(window, polygon_mask(inside, window.side, window.side))
