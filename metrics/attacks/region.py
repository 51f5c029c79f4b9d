"""What an attacker is shown: the inside of the face alone, or the picture with all that is around it.

A method promises to hide the face. Hair, clothes, background and the outline of what was painted over may
give a person away as well, but that is another question, so there are three views. ``face``: all but
an ellipse inside the face is black, in clear and protected pictures alike; its shape still tells a
little. ``inner``: a smaller ellipse, the same for everybody, over nose, mouth and the inner halves of
the eyes. ``picture``: nothing is covered. In all of them the attacker is told where the face was in the
original (box and landmarks): one who has to find it does no better.
"""

from __future__ import annotations

import cv2
import numpy as np

VIEWS = ("face", "inner", "picture")
#: Left eye, right eye, nose tip and corners of the mouth in a crop of side 1, x and y.
_ANCHORS = np.array([[0.30, 0.26], [0.70, 0.26], [0.50, 0.49], [0.35, 0.71], [0.65, 0.71]])
#: How much of the crop's side the anchors' square takes in the view ``picture``.
_INNER = 0.6
#: The ellipse reaches so many standard deviations of the landmarks, which keeps it inside the face.
_REACH = 1.7
#: Half width and half height of the view ``inner``, in sides of the crop, about its middle.
_INNER_HALVES = (0.30, 0.34)


def placement(box: np.ndarray, landmarks: np.ndarray | None, side: int, view: str = "face") -> np.ndarray:
    """Return the matrix (2, 3) that takes the picture's pixels to those of an upright crop.

    Args:
        box: left, top, right, bottom (4,) of the face, in pixels.
        landmarks: (68, 2) x and y, iBUG order; None where nobody gives them: the box is the crop.
        side: of the crop, in pixels.
        view: ``picture`` shows more around the face.
    """
    if landmarks is None:
        left, top, right, bottom = box
        matrix = np.array([[side / (right - left), 0, 0], [0, side / (bottom - top), 0]])
        matrix[:, 2] = -matrix[:, :2] @ (left, top)
    else:
        eyes = landmarks[36:42].mean(axis=0), landmarks[42:48].mean(axis=0)
        found = np.stack([*eyes, landmarks[30], landmarks[48], landmarks[54]]).astype(float)
        matrix = _similarity(found, _ANCHORS * side)
    if view == "picture":
        middle = np.full(2, side / 2)
        matrix = _INNER * matrix
        matrix[:, 2] += middle * (1 - _INNER)
    return matrix


def _similarity(source: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Turn, scale and shift that take ``source`` (n, 2) nearest to ``target``: complex least squares."""
    a, b = (points[:, 0] + 1j * points[:, 1] for points in (source, target))
    centred = a - a.mean()
    turn = (centred.conj() @ (b - b.mean())) / max((centred.conj() @ centred).real, 1e-9)
    shift = b.mean() - turn * a.mean()
    return np.array([[turn.real, -turn.imag, shift.real], [turn.imag, turn.real, shift.imag]])


def inside(shape: tuple[int, int], box: np.ndarray, landmarks: np.ndarray | None) -> np.ndarray:
    """Return the face's inside as bool (H, W): an ellipse spanned by the landmarks, cut to their hull.

    An ellipse, since the hull's own shape would tell the jaw of whoever was painted over.
    """
    mask: np.ndarray = np.zeros(shape, np.uint8)
    if landmarks is None:
        left, top, right, bottom = (float(v) for v in box)
        size = (int((right - left) / 2), int((bottom - top) / 2))
        cv2.ellipse(mask, (int((left + right) / 2), int((top + bottom) / 2)), size, 0, 0, 360, 1, -1)
        return mask.astype(bool)
    points = np.asarray(landmarks, float)
    cv2.fillConvexPoly(mask, cv2.convexHull(np.rint(points).astype(np.int32)), 1)
    rows, columns = np.mgrid[: shape[0], : shape[1]]
    apart = np.stack([columns, rows], axis=-1) - points.mean(axis=0)
    spread = np.linalg.inv(np.cov(points.T) + 1e-6 * np.eye(2))
    within = np.einsum("hwi,ij,hwj->hw", apart, spread, apart) <= _REACH**2
    return mask.astype(bool) & within


def shown(image: np.ndarray, box: np.ndarray, landmarks: np.ndarray | None, view: str) -> np.ndarray:
    """Return a copy of a uint8 picture (H, W, 3) as the attacker sees it."""
    if view == "picture":
        return image.copy()
    return np.where(inside(image.shape[:2], box, landmarks)[..., None], image, np.uint8(0))


def cut(image: np.ndarray, matrix: np.ndarray, side: int, view: str = "face") -> np.ndarray:
    """Return the upright crop (side, side, 3) uint8 of a picture; black beyond its edges and the view's."""
    crop = cv2.warpAffine(image, matrix, (side, side), flags=cv2.INTER_LINEAR)
    return crop * inner(side) if view == "inner" else crop


def inner(side: int) -> np.ndarray:
    """The part of a crop that the view ``inner`` shows: 1 inside, 0 outside, uint8 (side, side, 1)."""
    mask: np.ndarray = np.zeros((side, side), np.uint8)
    halves = (int(_INNER_HALVES[0] * side), int(_INNER_HALVES[1] * side))
    cv2.ellipse(mask, (side // 2, side // 2), halves, 0, 0, 360, 1, -1)
    return mask[..., None]


def put_back(crop: np.ndarray, image: np.ndarray, matrix: np.ndarray) -> np.ndarray:
    """Return ``image`` with an upright crop laid over it at the place that it was cut from."""
    size = image.shape[1::-1]
    back = cv2.warpAffine(crop, matrix, size, flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)
    white = np.full(crop.shape[:2], 255, np.uint8)
    covered = cv2.warpAffine(white, matrix, size, flags=cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP) > 0
    return np.where(covered[..., None], back, image)
