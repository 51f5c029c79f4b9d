"""Mosaic: the face region in square cells of one colour each."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from medbench.keys import Key
from medbench.methods.classical.cells import Cells
from medbench.methods.face_mask import face_mask, face_width
from medbench.methods.face_region import Face
from medbench.methods.method import MethodCard
from medbench.methods.per_face import PerFaceMethod

#: Cells across the width of the face region.
CELLS = {"weak": 24, "medium": 12, "strong": 6}


class Mosaic(PerFaceMethod):
    """Give every cell that touches a face region its mean colour."""

    card = MethodCard.read(Path(__file__).with_name("card_mosaic.yaml"))

    def treat(self, pixels: np.ndarray, faces: Sequence[Face], draws: Key) -> np.ndarray:
        """See :meth:`PerFaceMethod.treat`."""
        for face in faces:
            mask = face_mask(face.landmarks, *pixels.shape[:2])
            cells = Cells.over(mask, max(2, round(face_width(face.landmarks) / CELLS[self.preset])))
            pixels = cells.paint(pixels, cells.means(pixels), mask)
        return pixels
