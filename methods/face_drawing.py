"""Drawings of landmarks: what an inpainting generator is told about the face that it never sees.

All take 68 landmarks (68, 2) in a square's coordinates, -1 to 1, and give float32 maps in [0, 1].
"""

from __future__ import annotations

import cv2
import numpy as np

_SUBPIXEL = 4
_BLOB = 0.05
#: Of iBUG's 68 points: jaw, nose bridge, inner lips.
_JAW, _BRIDGE, _LIPS = range(17), range(27, 31), range(60, 68)


def keypoints(landmarks: np.ndarray) -> np.ndarray:
    """Seven points (7, 2): both eyes, nose, both ears, mouth, chin.

    Eyes and mouth are the means of their points, ears the ends of the jaw line.
    """
    means = [landmarks[36:42].mean(0), landmarks[42:48].mean(0), landmarks[48:60].mean(0)]
    return np.stack([*means, *landmarks[[30, 0, 16, 8]]]).astype(np.float32)


def outline_points(landmarks: np.ndarray) -> np.ndarray:
    """CIAGAN's points (29, 2): jaw, nose bridge, inner lips; neither eyes nor brows."""
    return landmarks[[*_JAW, *_BRIDGE, *_LIPS]].astype(np.float32)


def blobs(points: np.ndarray, side: int) -> np.ndarray:
    """One map per point, (n, side, side): a bell around it, 5 % of half a side wide."""
    centres = (np.arange(side, dtype=np.float32) + 0.5) * (2 / side) - 1
    across = np.exp(-0.5 * ((centres[None] - points[:, :1]) / _BLOB) ** 2)
    down = np.exp(-0.5 * ((centres[None] - points[:, 1:]) / _BLOB) ** 2)
    return (down[:, :, None] * across[:, None]).astype(np.float32)


def line_drawing(landmarks: np.ndarray, side: int) -> np.ndarray:
    """Jaw, nose bridge and closed inner lips as lines one pixel wide, (1, side, side)."""
    canvas = np.zeros((side, side), np.uint8)
    for part, closed in ((_JAW, False), (_BRIDGE, False), (_LIPS, True)):
        cv2.polylines(canvas, [_fixed(landmarks[part], side)], closed, 255, 1, cv2.LINE_AA, _SUBPIXEL)
    return canvas[None].astype(np.float32) / 255


def part_map(landmarks: np.ndarray, side: int) -> np.ndarray:
    """Face below the brows, brows, eyes, nose, lips and open mouth as filled regions, (6, side, side)."""
    brows = [landmarks[17:22], landmarks[22:27]]
    regions = (
        [cv2.convexHull(landmarks[:27].astype(np.float32))[:, 0]],
        [np.concatenate([brow, (brow - [0, 0.04])[::-1]]) for brow in brows],
        [landmarks[36:42], landmarks[42:48]],
        [landmarks[[27, 31, 32, 33, 34, 35]]],
        [landmarks[48:60]],
        [landmarks[60:68]],
    )
    maps = np.zeros((len(regions), side, side), np.uint8)
    for canvas, polygons in zip(maps, regions, strict=True):
        for polygon in polygons:
            cv2.fillPoly(canvas, [_fixed(polygon, side)], 255, cv2.LINE_AA, _SUBPIXEL)
    return maps.astype(np.float32) / 255


def _fixed(points: np.ndarray, side: int) -> np.ndarray:
    pixels = (points + 1) * (side / 2) - 0.5
    return np.round(pixels * 2**_SUBPIXEL).astype(np.int32)
