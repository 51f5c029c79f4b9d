"""Detection by dlib's HOG frontal face detector."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from torch import Tensor

from medbench.metrics.evaluators.dlib_models import eight_bit, import_dlib
from medbench.metrics.evaluators.evaluator import Evaluator

#: Pictures with a longer side are searched on a copy of this size, and boxes scaled back.
LONGEST = 800
#: The detector sees faces from 80 px on: smaller pictures without one are searched again at twice the size.
SMALL = 200


class HogDetector(Evaluator):
    """The largest face in the picture.

    ``detected`` (B,) bool; ``boxes`` (B, 4) float32 left, top, right, bottom in pixels, NaN where
    none; ``faces`` (B,) how many there are.
    """

    name = "detector_hog"
    produces = ("detected", "boxes", "faces")
    licence = "dlib: Boost"
    citation = "Dalal & Triggs, CVPR 2005; King, JMLR 2009"

    def load(self, device: str = "cpu") -> None:
        """Make the detector, which is part of dlib; it works on the CPU whatever ``device`` says."""
        self._detector = import_dlib().get_frontal_face_detector()

    def fingerprint(self) -> str:
        """The settings and the version of this file; the detector is the same in every dlib."""
        return f"detector_hog:1:longest={LONGEST}:again-below={SMALL}"

    def look(self, images: Tensor, boxes: np.ndarray | None = None) -> dict[str, np.ndarray]:
        """See the class; ``boxes`` are not used."""
        found = np.full((len(images), 4), np.nan, np.float32)
        counts = np.zeros(len(images), np.int64)
        for row, image in enumerate(eight_bit(images)):
            rectangles, scale = self._search(image)
            counts[row] = len(rectangles)
            if rectangles:
                best = max(rectangles, key=lambda r: (r.area(), -r.left(), -r.top()))
                found[row] = np.array([best.left(), best.top(), best.right(), best.bottom()]) / scale
        return {"detected": counts > 0, "boxes": found, "faces": counts}

    def _search(self, image: np.ndarray) -> tuple[list[Any], float]:
        height, width = image.shape[:2]
        scale = min(1.0, LONGEST / max(height, width))
        if scale < 1:
            size = (max(1, round(width * scale)), max(1, round(height * scale)))
            image = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
        rectangles = list(self._detector(image, 0))
        if not rectangles and min(height, width) < SMALL:
            rectangles = list(self._detector(image, 1))
        return rectangles, scale


EVALUATOR = HogDetector
