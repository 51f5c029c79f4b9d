"""A face's own coordinates: where each pixel lies on the average face, from a few landmarks."""

from __future__ import annotations

import math

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

#: Cells per side of the grid on which the spline is evaluated.
GRID = 32
#: Periods per half side of the waves that stand for a place.
WAVES = (1, 2, 4, 8)
PLACE = 2 + 4 * len(WAVES)
_SMOOTH = 1e-3


def face_grid(points: np.ndarray, frame: np.ndarray) -> np.ndarray:
    """Thin-plate spline from a picture to the average face.

    Args:
        points: Landmarks (n, 2) in the square's coordinates, -1 to 1.
        frame: The same landmarks of the average face (n, 2).

    Returns:
        float32 (2, 32, 32): for each cell of the square, (x, y) on the average face.
    """
    from scipy.interpolate import RBFInterpolator

    spline = RBFInterpolator(
        points.astype(np.float64), frame.astype(np.float64), kernel="thin_plate_spline", smoothing=_SMOOTH
    )
    centres = (np.arange(GRID) + 0.5) * (2 / GRID) - 1
    x, y = np.meshgrid(centres, centres)
    there = spline(np.stack([x.ravel(), y.ravel()], axis=1))
    # Rounded, for the last bits of a linear solve may change from call to call with where its arrays lie.
    return there.T.reshape(2, GRID, GRID).round(4).astype(np.float32)


def places(grid: Tensor, side: int) -> Tensor:
    """Coordinates and waves of them, (B, 18, side, side), from grids (B, 2, 32, 32)."""
    here = resized(grid, side)
    angles = [math.pi * k * here for k in WAVES]
    waves = [wave for angle in angles for wave in (angle.sin(), angle.cos())]
    return torch.cat([here.clamp(-2, 2), *waves], dim=1)


def resized(maps: Tensor, side: int) -> Tensor:
    """Maps (B, C, h, w) at ``side``: averaged on the way down, bilinear on the way up."""
    if maps.shape[-1] == side:
        return maps
    if maps.shape[-1] > side:
        return F.adaptive_avg_pool2d(maps, side)
    return F.interpolate(maps, size=(side, side), mode="bilinear", align_corners=False)


def on_face(canvas: Tensor, grid: Tensor, side: int) -> Tensor:
    """What is drawn on the average face, (B, C, h, w), seen in the square: (B, C, side, side)."""
    here = resized(grid, side).permute(0, 2, 3, 1)
    return F.grid_sample(canvas, here, padding_mode="border", align_corners=False)
