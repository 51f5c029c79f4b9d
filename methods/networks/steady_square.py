"""A face's square on a coarse grid: found again where the face in it has become another one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from medbench.methods.face_region import find_face
from medbench.methods.face_window import Window, around

if TYPE_CHECKING:
    from torch import Tensor

#: Pixels between the corners that a square may have, and between its sides.
STEP = 16
_NEAR = (0, -1, 1, -2, 2)


def steady_square(image: Tensor) -> Window:
    """The square of the largest face in a picture (3, H, W); the whole of a picture framed alike.

    Raises:
        FaceNotFound: The picture shows none.
    """
    height, width = image.shape[1:]
    window = around(find_face(image), height, width)
    if window.side == height == width:
        return window
    side = min(round(window.side / STEP) * STEP, height, width)
    top, left = (round(corner / STEP) * STEP for corner in window[:2])
    return Window(min(top, height - side), min(left, width - side), side)


def squares_near(square: Window, image: Tensor) -> list[Window]:
    """The squares, nearest first, that the face may have had before it was changed."""
    height, width = image.shape[1:]
    if square.side == height == width:
        return [square]
    top, left, side = square
    steps = [(s, y, x) for s in (0, -1, 1) for y in _NEAR for x in _NEAR]
    near = [Window(top + y * STEP, left + x * STEP, side + s * STEP) for s, y, x in steps]
    fits = [w for w in near if min(w) >= 0 and w.top + w.side <= height and w.left + w.side <= width]
    return fits + [Window(0, 0, height)] * (height == width)
