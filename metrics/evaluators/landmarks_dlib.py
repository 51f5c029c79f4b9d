"""68 landmarks by dlib's shape predictor, in the box that was found on the original image."""

from __future__ import annotations

import numpy as np
from torch import Tensor

from medbench.metrics.evaluators.dlib_models import Landmarker, eight_bit, landmarker
from medbench.metrics.evaluators.evaluator import Evaluator
from medbench.weights import weight_files

POINTS = 68


class DlibLandmarks(Evaluator):
    """``landmarks`` (B, 68, 2) float32: x and y in pixels, iBUG order; NaN where there is no box."""

    name = "landmarks_dlib"
    produces = ("landmarks",)
    needs_boxes = True
    licence = "model trained on iBUG 300-W: no commercial use; dlib: Boost"
    citation = "Kazemi & Sullivan, One Millisecond Face Alignment, CVPR 2014; King, JMLR 2009"

    def load(self, device: str = "cpu") -> None:
        """Read the shape predictor; dlib works on the CPU whatever ``device`` says."""
        self._landmarker: Landmarker = landmarker()

    def fingerprint(self) -> str:
        """The predictor's sha256 and the version of this file."""
        return f"landmarks_dlib:1:{weight_files()['dlib_landmarks_68'].sha256}"

    def look(self, images: Tensor, boxes: np.ndarray | None = None) -> dict[str, np.ndarray]:
        """See the class; without ``boxes`` all rows are NaN."""
        found = np.full((len(images), POINTS, 2), np.nan, np.float32)
        if boxes is not None:
            for row, image in enumerate(eight_bit(images)):
                shape = self._landmarker.shape(image, boxes[row])
                if shape is not None:
                    found[row] = [(part.x, part.y) for part in shape.parts()]
        return {"landmarks": found}


EVALUATOR = DlibLandmarks
