"""The eye region: the only part of a face that disease changes."""

from __future__ import annotations

import numpy as np


def eye_region(landmarks68: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """Mask (H, W) of a box along the eye line that holds both eyes, brows, lids and every sign.

    In units of the distance between the outer eye corners (landmarks 36 and 45) it reaches .90 to
    either side of their middle, .32 above and .36 below.

    Args:
        landmarks68: pixels (68, 2), iBUG order.
        size: height and width of the image.
    """
    right, left = landmarks68[36].astype(float), landmarks68[45].astype(float)
    across = left - right
    unit = float(np.hypot(*across))
    across /= unit
    rows, columns = np.mgrid[0 : size[0], 0 : size[1]]
    middle = (right + left) / 2
    dx, dy = columns - middle[0], rows - middle[1]
    along, down = (dx * across[0] + dy * across[1]) / unit, (dy * across[0] - dx * across[1]) / unit
    return (np.abs(along) <= 0.90) & (down >= -0.32) & (down <= 0.36)
