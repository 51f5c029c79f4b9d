"""SimSwap: where the network's picture lies, and what is drawn from the key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from medbench.methods.upstream.alignment import by_template

if TYPE_CHECKING:
    from medbench.keys import Key
    from medbench.methods.face_region import Face
    from medbench.methods.upstream.placement import Placement

_SIDE, _OF = 224, 112
#: Twice the middle about which the poses to one side are those to the other, mirrored.
_MIRROR = 112.413
_PROFILE = [[51.642, 50.115], [57.617, 49.990], [35.740, 69.007], [51.157, 89.050], [57.025, 89.702]]
_HALF = [[45.031, 50.118], [65.568, 50.872], [39.677, 68.111], [45.177, 86.190], [64.246, 86.758]]
_FRONT = [[39.730, 51.138], [72.270, 51.138], [56.000, 68.493], [42.463, 87.010], [69.537, 87.010]]


def _mirrored(points: list[list[float]]) -> list[list[float]]:
    turned = [[_MIRROR - x, y] for x, y in points]
    return [turned[1], turned[0], turned[2], turned[4], turned[3]]


#: InsightFace's five poses, in a frame of 112: eyes, nose, corners of the mouth.
_POSES = [
    np.array(pose) * _SIDE / _OF for pose in (_PROFILE, _HALF, _FRONT, _mirrored(_HALF), _mirrored(_PROFILE))
]


def place(face: Face, height: int, width: int) -> Placement:
    """The pose that the five points fit best, 224 pixels."""
    return by_template(face, _POSES, _SIDE)


def draw(key: Key) -> dict[str, Any]:
    """A number that picks the donor."""
    return {"number": int.from_bytes(key.bytes(4, "simswap donor"), "little")}
