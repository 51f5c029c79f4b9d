"""DeepPrivacy2's generator: parts of the face and the background in, a mapped style picks the face."""

from __future__ import annotations

import numpy as np

from medbench.methods.face_drawing import part_map
from medbench.methods.face_hole import head_hole
from medbench.methods.inpainting import Sight
from medbench.methods.networks.inpainting import NOISE, Inpainter

POINTS, PARTS = 68, 6

SIGHT = Sight(hole=head_hole, points=np.asarray, guide=part_map)


def generator() -> Inpainter:
    """The network without its weights: z (B, 64) is its code, w its style."""
    return Inpainter(points=POINTS, guide=PARTS, code=NOISE, canvas=48, modulated=True, mapping=2)
