"""How far every place is from a head's outline: a map that is smooth where the head's mask is not."""

from __future__ import annotations

import cv2
import numpy as np

from medbench.methods.face_window import SIDE
from medbench.methods.virtual_heads.decoder import GRID, OUTLINE_UNIT

#: Beyond this distance (pixels) nothing is learned from how far the outline is.
REACH = 24.0


def outline(head: np.ndarray) -> np.ndarray:
    """Signed distance to the outline, positive inside, in OUTLINE_UNIT pixels, cut at REACH.

    Args:
        head: Share of each cell that the head covers, uint8 (..., 64, 64), 255 for all of it.

    Returns:
        float32 (..., 64, 64).
    """
    flat = head.reshape(-1, GRID, GRID)
    return np.stack([_distance(cover) for cover in flat]).reshape(head.shape)


def _distance(cover: np.ndarray) -> np.ndarray:
    fine = cv2.resize(cover, (SIDE, SIDE), interpolation=cv2.INTER_LINEAR)
    inside = (fine > 127).astype(np.uint8)
    within, beyond = (cv2.distanceTransform(part, cv2.DIST_L2, 5) for part in (inside, 1 - inside))
    signed = np.clip(within - beyond, -REACH, REACH) / OUTLINE_UNIT
    return cv2.resize(signed, (GRID, GRID), interpolation=cv2.INTER_AREA).astype(np.float32)
