"""DeepPrivacy's generator: seven keypoints and the background in, noise picks the face."""

from __future__ import annotations

from medbench.methods.face_drawing import blobs, keypoints
from medbench.methods.face_hole import box_hole
from medbench.methods.inpainting import Sight
from medbench.methods.networks.inpainting import NOISE, Inpainter

POINTS = 7

SIGHT = Sight(hole=box_hole, points=keypoints, guide=lambda face, side: blobs(keypoints(face), side))


def generator() -> Inpainter:
    """The network without its weights: noise (B, 64) is its code."""
    return Inpainter(points=POINTS, guide=POINTS, code=NOISE, canvas=48)
