"""Where the faces are: dlib's HOG detector and 68 landmarks, found in the picture itself.

Methods look for faces with this module and never use a suite's truth. Pictures whose shorter side
is under 256 pixels are enlarged to that for the search, very large ones made smaller, and a
picture without a face is searched once more at twice the size.
"""

from __future__ import annotations

import importlib.util
import threading
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import cv2
import numpy as np

from medbench.core import FaceNotFound, Unavailable

if TYPE_CHECKING:
    from torch import Tensor

_REMEDY = "pip install --no-deps dlib-bin face-recognition-models"
_SHORTEST, _LONGEST = 256, 1280


class Box(NamedTuple):
    """dlib's face box in pixels of the picture: brows to chin, ear to ear."""

    left: float
    top: float
    right: float
    bottom: float


class Face(NamedTuple):
    """A face: its box, and 68 landmarks (68, 2) float32, x and y in pixels, iBUG order."""

    box: Box
    landmarks: np.ndarray


def find_face(image: Tensor) -> Box:
    """Return the box of the largest face in ``image`` (3, H, W), float in [0, 1].

    Raises:
        FaceNotFound: dlib sees no face, at either size.
        Unavailable: dlib is not installed.

    """
    picture, scale = _working_size(_eight_bit(image))
    return _box(_detect(picture)[0], scale)


def find_faces(image: Tensor) -> tuple[Face, ...]:
    """Return every face in ``image`` (3, H, W), largest first; raises as :func:`find_face` does."""
    picture, scale = _working_size(_eight_bit(image))
    predictor = _predictor(threading.get_ident())
    faces = []
    for rectangle in _detect(picture):
        parts = predictor(picture, rectangle).parts()
        points = np.array([(part.x, part.y) for part in parts], np.float32)
        # Pixel centres: (x + 1/2) scales, x does not.
        faces.append(Face(_box(rectangle, scale), (points + 0.5) / scale - 0.5))
    return tuple(faces)


def eye_points(landmarks: np.ndarray) -> np.ndarray:
    """Centres (2, 2) of the right and the left eye: the means of their six of the landmarks (68, 2)."""
    return np.stack([landmarks[36:42].mean(0), landmarks[42:48].mean(0)])


def _detect(picture: np.ndarray) -> list[Any]:
    detector = _detector(threading.get_ident())
    found = list(detector(picture, 0)) or list(detector(picture, 1))
    if not found:
        raise FaceNotFound("dlib's detector finds no face in this picture; use another picture of the person")
    return sorted(found, key=lambda r: (-r.area(), r.left(), r.top()))


def _eight_bit(image: Tensor) -> np.ndarray:
    pixels = image.detach().cpu().permute(1, 2, 0).numpy()
    return np.ascontiguousarray((pixels * 255).round().clip(0, 255).astype(np.uint8))


def _working_size(picture: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The picture as it is searched, and (x, y) working pixels per pixel."""
    height, width = picture.shape[:2]
    factor = min(max(1.0, _SHORTEST / min(height, width)), _LONGEST / max(height, width))
    if factor == 1:
        return picture, np.ones(2, np.float32)
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    kind = cv2.INTER_CUBIC if factor > 1 else cv2.INTER_AREA
    return cv2.resize(picture, size, interpolation=kind), np.array(
        [size[0] / width, size[1] / height], np.float32
    )


def _box(rectangle: Any, scale: np.ndarray) -> Box:
    x, y = float(scale[0]), float(scale[1])
    return Box(rectangle.left() / x, rectangle.top() / y, rectangle.right() / x, rectangle.bottom() / y)


@cache
def _detector(thread: int) -> Any:
    # One per thread: dlib's detector object keeps its working pyramid and is not to be shared.
    return _dlib().get_frontal_face_detector()


@cache
def _predictor(thread: int) -> Any:
    spec = importlib.util.find_spec("face_recognition_models")
    if spec is None or not spec.submodule_search_locations:
        raise Unavailable(f"dlib's 68-landmark model is not installed: {_REMEDY}")
    folder = Path(next(iter(spec.submodule_search_locations))) / "models"
    return _dlib().shape_predictor(str(folder / "shape_predictor_68_face_landmarks.dat"))


def _dlib() -> Any:
    try:
        import dlib
    except ImportError:
        raise Unavailable(f"dlib is not installed, and this method finds faces with it: {_REMEDY}") from None
    return dlib
