"""Blackout: the face region is black. Nothing of the face is left, and nothing of its signs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from medbench.keys import Key
from medbench.methods.face_mask import face_mask
from medbench.methods.face_region import Face
from medbench.methods.method import MethodCard
from medbench.methods.per_face import PerFaceMethod


class Blackout(PerFaceMethod):
    """Paint the region of every face black."""

    card = MethodCard.read(Path(__file__).with_name("card_blackout.yaml"))

    def treat(self, pixels: np.ndarray, faces: Sequence[Face], draws: Key) -> np.ndarray:
        """See :meth:`PerFaceMethod.treat`."""
        for face in faces:
            pixels[face_mask(face.landmarks, *pixels.shape[:2])] = 0
        return pixels
