"""Upright face crops by five points, as ArcFace and SimSwap cut them."""

from __future__ import annotations

import numpy as np

from medbench.methods.classical.alignment import similarity

#: Eyes, nose tip and corners of the mouth in ArcFace's crop of 112 px (insightface).
ARCFACE = np.array(
    [[38.2946, 51.6963], [73.5318, 51.5014], [56.0252, 71.7366], [41.5493, 92.3655], [70.7299, 92.2041]]
)
#: The crop here is 128 px and a little wider, since ArcFace's own ends above the chin.
_ZOOM, _SHIFT = 0.95, (10.8, 9.7)
POINTS = ARCFACE * _ZOOM + _SHIFT
#: (top, bottom, left, right) of the crop that the recogniser of the losses is used to.
RECOGNISED = (20, 121, 14, 115)


def five_points(landmarks: np.ndarray) -> np.ndarray:
    """Centres of both eyes, nose tip and corners of the mouth (5, 2) of 68 landmarks."""
    return np.stack(
        [landmarks[36:42].mean(0), landmarks[42:48].mean(0), landmarks[30], landmarks[48], landmarks[54]]
    )


def into_crop(landmarks: np.ndarray) -> np.ndarray:
    """The similarity (2, 3) from the picture of ``landmarks`` (68, 2) into its crop."""
    return similarity(five_points(landmarks), POINTS)
