"""CIAGAN: where the network's picture lies, and what is drawn from the key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from medbench.core import FaceNotFound
from medbench.methods.upstream.placement import Placement

if TYPE_CHECKING:
    from medbench.keys import Key
    from medbench.methods.face_region import Face

_WIDTH, _HEIGHT, _SIDE, _ENLARGED, _IDENTITIES = 178, 218, 128, 144, 1200
#: The middle of the picture that the loader keeps, in pixels of the whole: left, top, width, height.
_KEPT = (1 - _SIDE / _ENLARGED) / 2
_INNER = (_KEPT * _WIDTH, _KEPT * _HEIGHT, _WIDTH * _SIDE / _ENLARGED, _HEIGHT * _SIDE / _ENLARGED)


def place(face: Face, height: int, width: int) -> Placement:
    """Upright, around the middle of the inner corners of the eyes, ten times their distance high."""
    points = face.landmarks.astype(int)
    apart = int(points[42][0] - points[39][0])
    half_high = 5 * apart
    half_wide = int(half_high / _HEIGHT * _WIDTH)
    if half_wide < 8:
        raise FaceNotFound(
            "the eyes lie too close together; use a picture that shows the face from the front"
        )
    left = int((points[42][0] + points[39][0]) / 2) - half_wide
    top = int((points[42][1] + points[39][1]) / 2) - half_high
    x, y = _WIDTH / (2 * half_wide), _HEIGHT / (2 * half_high)
    matrix = np.array([[x, 0, (0.5 - left) * x - 0.5], [0, y, (0.5 - top) * y - 0.5]])
    return Placement.of(matrix, (_WIDTH, _HEIGHT), face.landmarks, inner=_INNER, result=(_SIDE, _SIDE))


def draw(key: Key) -> dict[str, Any]:
    """One of the identities that it was trained with."""
    return {"identity": int(key.uniform(1, "ciagan identity")[0] * _IDENTITIES)}
