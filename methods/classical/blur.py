"""Gaussian blur of the face region; its width follows the face's."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from medbench.keys import Key
from medbench.methods.face_mask import face_mask, face_width
from medbench.methods.face_region import Face
from medbench.methods.method import MethodCard
from medbench.methods.per_face import PerFaceMethod

#: Standard deviation of the Gaussian, in widths of the face region.
SIGMA = {"weak": 0.04, "medium": 0.08, "strong": 0.16}


class GaussianBlur(PerFaceMethod):
    """Blur the region of every face, with a hard edge: a soft one would leave a rim of the face."""

    card = MethodCard.read(Path(__file__).with_name("card_blur.yaml"))

    def treat(self, pixels: np.ndarray, faces: Sequence[Face], draws: Key) -> np.ndarray:
        """See :meth:`PerFaceMethod.treat`."""
        for face in faces:
            sigma = SIGMA[self.preset] * face_width(face.landmarks)
            blurred = cv2.GaussianBlur(pixels, (0, 0), sigma, borderType=cv2.BORDER_REPLICATE)
            mask = face_mask(face.landmarks, *pixels.shape[:2])
            pixels[mask] = blurred[mask]
        return pixels
