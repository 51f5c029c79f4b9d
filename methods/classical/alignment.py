"""Faces in a common frame: cut out by 68 landmarks, and pasted back into a face region."""

from __future__ import annotations

import cv2
import numpy as np

from medbench.methods.face_mask import face_mask, face_outline, face_width, feather

#: Side of the common frame in pixels.
SIDE = 128
_MARGIN = 4
#: Brows, nose, eyes and mouth place a face; the jaw line, least certain of all, does not.
_INNER = slice(17, 68)
#: The pasted face's rim fades out over this share of the region's width, outside the region.
_RIM = 0.06
#: The outermost share of a face's width that may already show what is behind it.
_SHRINK = 0.07


def similarity(source: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Return the turn, scale and shift (2, 3) that bring points (n, 2) nearest to others (n, 2)."""
    z, w = (np.asarray(points, np.float64) @ [1, 1j] for points in (source, target))
    z0, w0 = z.mean(), w.mean()
    a = np.vdot(z - z0, w - w0) / max(np.vdot(z - z0, z - z0).real, 1e-12)
    b = w0 - a * z0
    return np.array([[a.real, -a.imag, b.real], [a.imag, a.real, b.imag]])


def placing(source: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Return the similarity (2, 3) that lays a face's landmarks (68, 2) on another's."""
    return similarity(source[_INNER], target[_INNER])


def moved(points: np.ndarray, matrix: np.ndarray) -> np.ndarray:
    """Points (n, 2) under a matrix (2, 3)."""
    return points @ matrix[:, :2].T + matrix[:, 2]


def mean_shape(shapes: np.ndarray) -> np.ndarray:
    """Return the mean (68, 2) of shapes (n, 68, 2), aligned, its region filling the common frame."""
    mean = shapes[0].astype(np.float64)
    for _ in range(5):
        level = similarity(mean[[36, 45]], np.array([[-1.0, 0.0], [1.0, 0.0]]))
        mean = moved(mean, level)
        mean = np.mean([moved(s, placing(s, mean)) for s in shapes], axis=0)
    outline = face_outline(mean.astype(np.float32))
    low, high = outline.min(axis=0), outline.max(axis=0)
    scale = (SIDE - 2 * _MARGIN) / float((high - low).max())
    return ((mean - (low + high) / 2) * scale + (SIDE - 1) / 2).astype(np.float32)


def cut(pixels: np.ndarray, landmarks: np.ndarray, template: np.ndarray) -> np.ndarray:
    """Return the face (SIDE, SIDE, 3) of a picture (H, W, 3), its landmarks on the template's."""
    return warped(pixels, placing(landmarks, template))


def warped(pixels: np.ndarray, matrix: np.ndarray, side: int = SIDE) -> np.ndarray:
    """Return a square (side, side, 3) of a picture (H, W, 3); ``matrix`` (2, 3) maps the picture into it."""
    shrink = float(np.hypot(*matrix[:, 0]))
    if shrink < 1:
        # Warping alone would skip pixels of a large face.
        pixels = cv2.GaussianBlur(pixels, (0, 0), 0.5 / shrink)
    size = (side, side)
    return cv2.warpAffine(pixels, matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)


def spread(face: np.ndarray, landmarks: np.ndarray) -> np.ndarray:
    """Return ``face`` (SIDE, SIDE, 3) with its own rim in place of what is behind it.

    ``landmarks`` (68, 2) are in the face's frame. Pasted into a wider face, a stand-in would
    otherwise bring its background along.
    """
    mask = face_mask(landmarks, SIDE, SIDE).astype(np.uint8)
    inner = cv2.erode(mask, np.ones((3, 3), np.uint8), iterations=round(_SHRINK * face_width(landmarks)))
    outside = 1 - inner
    _, nearest = cv2.distanceTransformWithLabels(outside, cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL)
    colours = np.zeros((int(nearest.max()) + 1, 3), face.dtype)
    colours[nearest[inner > 0]] = face[inner > 0]
    filled = cv2.GaussianBlur(colours[nearest], (0, 0), 2.0)
    return np.where(inner[..., None] > 0, face, filled)


def paste(pixels: np.ndarray, face: np.ndarray, landmarks: np.ndarray, template: np.ndarray) -> np.ndarray:
    """Return ``pixels`` with ``face`` (SIDE, SIDE, 3) over the whole region of the face at ``landmarks``."""
    weight = feather(face_mask(landmarks, *pixels.shape[:2]), _RIM * face_width(landmarks))
    return laid_in(pixels, face, placing(template, landmarks), weight)


def laid_in(pixels: np.ndarray, square: np.ndarray, there: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Return ``pixels`` (H, W, 3) in [0, 1] with ``square`` over them as far as ``weight`` (H, W) says.

    ``there`` (2, 3) maps the square into the picture. Where the weight is 0 nothing changes.
    """
    height, width = pixels.shape[:2]
    size = (width, height)
    drawn = cv2.warpAffine(square, there, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    share = weight[..., None]
    return np.where(share == 1, drawn, pixels + share * (drawn - pixels)).clip(0, 1)
