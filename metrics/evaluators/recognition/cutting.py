"""How a recogniser wants a face cut out: by its box, or turned so that five points meet a template."""

from __future__ import annotations

from typing import Protocol

import cv2
import numpy as np
from PIL import Image

from medbench.metrics.evaluators.dlib_models import Landmarker, landmarker
from medbench.weights import weight_files

#: Eyes, nose tip, mouth corners (image left first) in a face of 96 x 112 pixels, as SphereFace has it.
SPHEREFACE = (
    (30.2946, 51.6963),
    (65.5318, 51.5014),
    (48.0252, 71.7366),
    (33.5493, 92.3655),
    (62.7299, 92.2041),
)
#: The same in 112 x 112 pixels, as ArcFace has it: 8 to the right.
ARCFACE = tuple((x + 8.0, y) for x, y in SPHEREFACE)
#: What MTCNN's box is beside dlib's, as shares of the latter's sides: left, top, right, bottom. The
#: median over 57 faces of mema-mini's select split; a photograph gave 0.00, -0.26, 0.03, 0.03.
MTCNN_BESIDE_HOG = (0.055, -0.209, -0.033, 0.066)


class Cutter(Protocol):
    """Cuts a face out of a picture."""

    @property
    def settings(self) -> str:
        """What the cut depends on, for fingerprints."""

    def cut(self, image: np.ndarray, box: np.ndarray) -> np.ndarray | None:
        """Return uint8 RGB (H, W, 3) of a fixed size, from uint8 RGB; None where ``box`` is NaN."""


class BoxCutter:
    """The face's box, stretched to a square: FaceNet with MTCNN's boxes and no margin.

    ``boxes`` are dlib's; MTCNN's are estimated from them, so that one box, found on the original,
    serves all images of a face. Cut and enlarged as ``facenet_pytorch.extract_face`` does.
    """

    def __init__(self, size: int) -> None:
        """``size`` of the square in pixels."""
        self.size = size

    @property
    def settings(self) -> str:
        """Size and shares."""
        return f"box/{self.size}/{MTCNN_BESIDE_HOG}"

    def cut(self, image: np.ndarray, box: np.ndarray) -> np.ndarray | None:
        """See Cutter."""
        if not np.isfinite(box).all():
            return None
        width, height = box[2] - box[0], box[3] - box[1]
        wanted = np.asarray(box, float) + np.array(MTCNN_BESIDE_HOG) * (width, height, width, height)
        return cut_box(image, wanted, self.size)


class PointsCutter:
    """Turned, scaled and moved so that eyes, nose and mouth corners come near a template's.

    The points come from dlib's 68 landmarks, seen in this picture inside the original's box: the mean
    of six points for an eye, the tip of the nose, the corners of the mouth.
    """

    def __init__(
        self, template: tuple[tuple[float, float], ...], width: int, height: int, backwards: bool = False
    ) -> None:
        """``backwards``: fit the template to the face and invert that, as SphereFace's code does."""
        self.template, self.width, self.height = np.array(template), width, height
        self.backwards = backwards
        self._landmarker: Landmarker | None = None

    @property
    def settings(self) -> str:
        """Size, template, and the landmarks' weights."""
        points = weight_files()["dlib_landmarks_68"].sha256[:16]
        return f"points/{self.width}x{self.height}/{self.template.sum():.4f}/{self.backwards}/{points}"

    def cut(self, image: np.ndarray, box: np.ndarray) -> np.ndarray | None:
        """See Cutter; raises Unavailable where dlib is missing."""
        self._landmarker = self._landmarker or landmarker()
        shape = self._landmarker.shape(image, box)
        if shape is None:
            return None
        points = np.array([(part.x, part.y) for part in shape.parts()], float)
        return self.turn(image, five_points(points))

    def turn(self, image: np.ndarray, points: np.ndarray) -> np.ndarray | None:
        """Cut by the five points (5, 2); None where they lie in one spot."""
        if np.ptp(points, axis=0).max() < 1:
            return None
        if self.backwards:
            matrix = cv2.invertAffineTransform(similarity(self.template, points))
        else:
            matrix = similarity(points, self.template)
        return cv2.warpAffine(image, matrix, (self.width, self.height))


def five_points(landmarks: np.ndarray) -> np.ndarray:
    """Eyes, nose tip and mouth corners (5, 2), image left first, of 68 landmarks (68, 2)."""
    eyes = landmarks[36:42].mean(axis=0), landmarks[42:48].mean(axis=0)
    return np.stack([*eyes, landmarks[30], landmarks[48], landmarks[54]])


def similarity(source: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Turn, scale and shift (2, 3) that brings ``source`` (N, 2) nearest to ``target`` (least squares).

    Points are complex numbers here: a turn with a scale is one factor (Umeyama, 1991, in two dimensions).
    """
    a, b = source @ (1, 1j), target @ (1, 1j)
    factor = np.vdot(a - a.mean(), b - b.mean()) / np.vdot(a - a.mean(), a - a.mean())
    shift = b.mean() - factor * a.mean()
    return np.array([[factor.real, -factor.imag, shift.real], [factor.imag, factor.real, shift.imag]])


def cut_box(image: np.ndarray, box: np.ndarray, size: int) -> np.ndarray | None:
    """Cut whole pixels of ``box`` out of uint8 RGB, inside the picture, and stretch to size x size."""
    height, width = image.shape[:2]
    left, top, right, bottom = (int(edge) for edge in np.clip(box, 0, (width, height, width, height)))
    if right <= left or bottom <= top:
        return None
    face = Image.fromarray(image[top:bottom, left:right])
    return np.asarray(face.resize((size, size), Image.Resampling.BILINEAR))
