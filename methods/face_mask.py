"""Which pixels are the face: the hull of the 68 landmarks and of a forehead put on top of them.

The landmarks end at the brows. The jaw line (points 0-16), mirrored over the line between its two
ends and made 0.8 as high, stands for the forehead; the whole is grown by 6 % around its centre.
"""

from __future__ import annotations

import cv2
import numpy as np

_FOREHEAD, _GROWTH = 0.8, 1.06
_SUBPIXEL = 4


def face_outline(landmarks: np.ndarray) -> np.ndarray:
    """Return the region's convex outline (n, 2) float32 in pixels, from landmarks (68, 2)."""
    first, last = landmarks[0], landmarks[16]
    along = (last - first) / max(float(np.linalg.norm(last - first)), 1e-6)
    jaw = landmarks[1:16] - first
    on_line = np.outer(jaw @ along, along)
    forehead = first + on_line - _FOREHEAD * (jaw - on_line)
    hull = cv2.convexHull(np.concatenate([landmarks, forehead]).astype(np.float32))[:, 0]
    centre = hull.mean(axis=0)
    return (centre + _GROWTH * (hull - centre)).astype(np.float32)


def face_width(landmarks: np.ndarray) -> float:
    """Return the region's width in pixels: between the ends of the jaw line, grown as the region is."""
    return _GROWTH * float(np.linalg.norm(landmarks[16] - landmarks[0]))


def face_mask(landmarks: np.ndarray, height: int, width: int) -> np.ndarray:
    """Return the face region as bool (height, width)."""
    return polygon_mask(face_outline(landmarks), height, width)


def polygon_mask(outline: np.ndarray, height: int, width: int) -> np.ndarray:
    """Return the pixels inside a convex polygon (n, 2) as bool (height, width)."""
    mask = np.zeros((height, width), np.uint8)
    points = np.round(outline * 2**_SUBPIXEL).astype(np.int32)
    cv2.fillConvexPoly(mask, points, 1, shift=_SUBPIXEL)
    return mask.astype(bool)


def feather(mask: np.ndarray, width: float) -> np.ndarray:
    """Return weights float32 in [0, 1]: 1 inside ``mask``, down to 0 at ``width`` pixels outside it.

    The ramp lies outside, so that nothing of the region itself shines through.
    """
    away = cv2.distanceTransform((~mask).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    # OpenCV's root depends on where the array lies in memory; squared distances are whole numbers.
    away = np.sqrt(np.rint(away.astype(np.float64) ** 2))
    return np.clip(1 - away / max(width, 1e-6), 0, 1).astype(np.float32)
