"""Iris centres by means of gradients: the edges of a dark disc all point away from its centre."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from torch import Tensor

from medbench.metrics.evaluators.dlib_models import Landmarker, eight_bit, landmarker
from medbench.metrics.evaluators.evaluator import Evaluator
from medbench.weights import weight_files

#: Eye points of the 68, the patient's right eye first.
EYES = (slice(36, 42), slice(42, 48))
#: Pixels to which the width of an eye is brought, and skin around it in eye widths.
WIDTH, MARGIN = 32, 0.15
#: Share of the steepest pixels that vote.
_VOTERS = 0.3


class IrisCentres(Evaluator):
    """``iris`` (B, 2, 2) float32: x and y in pixels, the patient's right eye first; NaN without a box.

    The centre is sought between the lids that dlib's landmarks see in *this* image.
    """

    name = "iris_gradients"
    produces = ("iris",)
    needs_boxes = True
    automatic = False
    licence = "method: none; landmarks trained on iBUG 300-W: no commercial use"
    citation = "Timm & Barth, Accurate Eye Centre Localisation by Means of Gradients, VISAPP 2011"

    def load(self, device: str = "cpu") -> None:
        """Read the shape predictor; the search runs on the CPU whatever ``device`` says."""
        self._landmarker: Landmarker = landmarker()

    def fingerprint(self) -> str:
        """The predictor's sha256, the settings and the version of this file."""
        return f"{self.name}:1:{WIDTH}/{MARGIN}/{_VOTERS}:{weight_files()['dlib_landmarks_68'].sha256}"

    def look(self, images: Tensor, boxes: np.ndarray | None = None) -> dict[str, np.ndarray]:
        """See the class; without ``boxes`` all rows are NaN."""
        found = np.full((len(images), 2, 2), np.nan, np.float32)
        for row, image in enumerate(eight_bit(images) if boxes is not None else ()):
            assert boxes is not None
            shape = self._landmarker.shape(image, boxes[row])
            if shape is not None:
                grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
                found[row] = [iris_centre(grey, _points(shape)[eye]) for eye in EYES]
        return {"iris": found}


def iris_centre(grey: np.ndarray, lids: np.ndarray) -> np.ndarray:
    """Centre (x, y) in pixels of the iris in a uint8 picture (H, W).

    Args:
        grey: the picture.
        lids: (6, 2) points of one eye, corner, upper lid, corner, lower lid; NaN is given back where
            they lie in one place.
    """
    width = float(np.linalg.norm(lids[0] - lids[3]))
    if width < 1:
        return np.full(2, np.nan)
    scale = WIDTH / width
    low = lids.min(axis=0) - MARGIN * width
    size = np.ceil((np.ptp(lids, axis=0) + 2 * MARGIN * width) * scale).astype(int) + 1
    onto = np.array([[scale, 0.0, -low[0] * scale], [0.0, scale, -low[1] * scale]])
    shape = (int(size[0]), int(size[1]))
    eye = cv2.warpAffine(grey, onto, shape, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    between = np.zeros(eye.shape, np.uint8)
    cv2.fillPoly(between, [np.rint((lids - low) * scale).astype(np.int32)], 1)
    candidates = np.argwhere(between)
    if not len(candidates):
        return np.full(2, np.nan)
    best = candidates[_votes(cv2.GaussianBlur(eye, (0, 0), 1.0).astype(np.float32), candidates).argmax()]
    return best[::-1] / scale + low


def _votes(eye: np.ndarray, candidates: np.ndarray) -> np.ndarray:
    """How well the gradients point away from each candidate (K, 2), darker ones counting more: (K,)."""
    down, across = np.gradient(eye)
    steep = np.hypot(down, across)
    voters = np.argwhere(steep >= np.quantile(steep, 1 - _VOTERS))
    at = tuple(voters.T)
    ways = np.stack([down[at], across[at]], axis=1) / np.maximum(steep[at], 1e-6)[:, None]
    apart = voters[None] - candidates[:, None]
    lengths = np.maximum(np.linalg.norm(apart, axis=2), 1e-6)
    along = np.maximum((apart * ways[None]).sum(axis=2) / lengths, 0.0)
    return (along**2).mean(axis=1) * (255.0 - eye[tuple(candidates.T)])


def _points(shape: Any) -> np.ndarray:
    return np.array([(part.x, part.y) for part in shape.parts()], dtype=float)


EVALUATOR = IrisCentres
