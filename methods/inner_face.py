"""The face without its hair: the region from the jaw line to the middle of the forehead."""

from __future__ import annotations

import cv2
import numpy as np

from medbench.methods.face_mask import face_width, feather, polygon_mask

#: How far the region goes above the brows, in lengths of the nose.
_FOREHEAD = 0.7
#: The rim over which a drawn face and its picture blend, in widths of the face.
_RIM = 0.06


def inner_outline(landmarks: np.ndarray, growth: float = 1.0) -> np.ndarray:
    """Convex outline (n, 2) float32 of landmarks (68, 2), grown around its centre."""
    bridge = landmarks[27] - landmarks[30]
    forehead = landmarks[17:27] + _FOREHEAD * bridge
    hull = cv2.convexHull(np.concatenate([landmarks, forehead]).astype(np.float32))[:, 0]
    centre = (hull.min(axis=0) + hull.max(axis=0)) / 2
    return (centre + growth * (hull - centre)).astype(np.float32)


def inner_blend(landmarks: np.ndarray, height: int, width: int, growth: float = 1.0) -> np.ndarray:
    """Weights float32 (height, width): 1 in the region, 0 beyond a rim outside of it."""
    inside = polygon_mask(inner_outline(landmarks, growth), height, width)
    return feather(inside, _RIM * face_width(landmarks))
