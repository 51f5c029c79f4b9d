"""Where the hole is: one outline for everybody, laid over a face by place, size and turn alone."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from medbench.methods.aigc.model import FINE
from medbench.methods.classical.alignment import mean_shape, moved, placing
from medbench.methods.face_mask import polygon_mask
from medbench.methods.inner_face import inner_blend, inner_outline

#: Height of the face region in the frame, in sides of the frame.
_HEIGHT = 0.72
_MARGIN = 2


@dataclass(frozen=True)
class Frame:
    """The common frame; ``template`` (68, 2) are its landmarks, in pixels of 128."""

    template: np.ndarray

    @classmethod
    def of(cls, shapes: np.ndarray) -> Frame:
        """The frame of many faces' landmarks (n, 68, 2)."""
        mean = mean_shape(shapes)
        outline = inner_outline(mean)
        low, high = outline.min(axis=0), outline.max(axis=0)
        scale = _HEIGHT * FINE / float(high[1] - low[1])
        return cls(((mean - (low + high) / 2) * scale + (FINE - 1) / 2).astype(np.float32))

    def matrix(self, landmarks: np.ndarray) -> np.ndarray:
        """The similarity (2, 3) from the picture of ``landmarks`` (68, 2) into the frame."""
        return placing(landmarks, self.template)

    def hole(self, growth: float | np.ndarray) -> np.ndarray:
        """The hole in the frame, bool (128, 128), with room for what interpolation mixes at its rim."""
        inside = polygon_mask(inner_outline(self.template, float(growth)), FINE, FINE).astype(np.uint8)
        return cv2.dilate(inside, np.ones((3, 3), np.uint8), iterations=_MARGIN).astype(bool)

    def weight(self, landmarks: np.ndarray, height: int, width: int, growth: float) -> np.ndarray:
        """How far each pixel of a picture is the drawn face's: 1 in the hole, 0 beyond its rim."""
        there = cv2.invertAffineTransform(self.matrix(landmarks))
        return inner_blend(moved(self.template, there).astype(np.float32), height, width, growth)
