"""Eye-keep: everything but a strip around the eyes is black; the eyes stay as they are."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from medbench.keys import Key
from medbench.methods.face_mask import polygon_mask
from medbench.methods.face_region import Face
from medbench.methods.method import MethodCard
from medbench.methods.per_face import PerFaceMethod

#: What is kept beyond the outer eye corners, and above and below them, in outer-corner distances.
STRIP = {"weak": (0.25, 0.45), "medium": (0.15, 0.28), "strong": (0.08, 0.16)}


class EyeKeep(PerFaceMethod):
    """Hide the whole picture except one strip over the eyes of each face, turned with the head."""

    card = MethodCard.read(Path(__file__).with_name("card_eye_keep.yaml"))

    def treat(self, pixels: np.ndarray, faces: Sequence[Face], draws: Key) -> np.ndarray:
        """See :meth:`PerFaceMethod.treat`."""
        height, width = pixels.shape[:2]
        kept = np.zeros((height, width), bool)
        for face in faces:
            kept |= polygon_mask(eye_strip(face.landmarks, *STRIP[self.preset]), height, width)
        pixels[~kept] = 0
        return pixels


def eye_strip(landmarks: np.ndarray, beyond: float, half_height: float) -> np.ndarray:
    """Corners (4, 2) of the strip, from landmarks (68, 2)."""
    right, left = landmarks[36], landmarks[45]
    along = left - right
    across = np.array([-along[1], along[0]])
    ends = right - beyond * along, left + beyond * along
    return np.array(
        [
            end + sign * half_height * across
            for end, sign in zip((*ends, *ends[::-1]), (-1, -1, 1, 1), strict=True)
        ]
    )
