"""The chart of the head: a cylinder up to the forehead, closed by a spherical cap (no hole at the crown).

Head frame in millimetres: x to the right of the image, y down, z to the camera, origin on the head's
axis at eye level. A relief R(theta, v) gives the distance from the axis (v >= CAP_Y, where v = y) or
from the cap's centre (0, CAP_Y, 0), where v = CAP_Y - CAP_K * elevation.
"""

from __future__ import annotations

import cv2
import numpy as np

from medbench.suites.mini.numeric import F

NU, NV = 400, 360
THETA = float(np.deg2rad(112))
CAP_Y, CAP_K = -40.0, 82.0
V0, V1 = CAP_Y - CAP_K * float(np.pi) / 2, 190.0
STEP_U, STEP_V = 2 * THETA / (NU - 1), (V1 - V0) / (NV - 1)

THETAS = np.linspace(-THETA, THETA, NU).astype(F)
VS = np.linspace(V0, V1, NV).astype(F)
T, V = np.meshgrid(THETAS, VS)
PHI = np.maximum(CAP_Y - V, 0) / F(CAP_K)
SIN, COS, SINP, COSP = np.sin(T), np.cos(T), np.sin(PHI), np.maximum(np.cos(PHI), 0)
#: unit vectors outward, eastward and downward at each node
OUT = np.dstack([COSP * SIN, -SINP, COSP * COS])
EAST = np.dstack([COS, np.zeros_like(COS), -SIN])
DOWN = np.dstack([SINP * SIN, COSP, SINP * COS])

Window = tuple[slice, slice]


def window(x: float, y: float, half_width: float, half_height: float) -> Window:
    """Slice of the chart that covers a box (mm) on the front of the head."""
    low = np.arcsin(np.clip((x - half_width) / 78, -1, 1))
    high = np.arcsin(np.clip((x + half_width) / 78, -1, 1))
    c0 = int(np.clip((low + THETA) / STEP_U - 3, 0, NU))
    c1 = int(np.clip((high + THETA) / STEP_U + 4, 0, NU))
    r0 = int(np.clip((y - half_height - V0) / STEP_V - 1, 0, NV))
    r1 = int(np.clip((y + half_height - V0) / STEP_V + 2, 0, NV))
    return slice(r0, r1), slice(c0, c1)


def bump(
    relief: np.ndarray, front: np.ndarray, x: float, y: float, width: float, height: float, lift: float
) -> None:
    """Add a Gaussian of ``lift`` mm at (x, y) with sigmas ``width``, ``height`` to a relief, in place."""
    w = window(x, y, 3 * width, 3 * height)
    relief[w] += lift * np.exp(-0.5 * (((front[w] - x) / width) ** 2 + ((V[w] - y) / height) ** 2))


def lookup(chart: np.ndarray, theta: np.ndarray, v: np.ndarray) -> np.ndarray:
    """Bilinear values of a chart at angles (radians) and rows (mm)."""
    u = ((np.asarray(theta) + THETA) / STEP_U).astype(F).reshape(1, -1)
    w = ((np.asarray(v) - V0) / STEP_V).astype(F).reshape(1, -1)
    return cv2.remap(chart, u, w, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)[0]


def surface(relief: np.ndarray, x: np.ndarray | list[float], y: np.ndarray | list[float]) -> np.ndarray:
    """Points (n, 3) of the face above front coordinates (x, y), y >= CAP_Y."""
    xs, ys = np.asarray(x, float), np.asarray(y, float)
    theta = np.arcsin(np.clip(xs / 85, -0.98, 0.98))
    for _ in range(12):
        radius = lookup(relief, theta, ys)
        theta = 0.5 * theta + 0.5 * np.arcsin(np.clip(xs / np.maximum(radius, 1), -0.98, 0.98))
    return np.stack([radius * np.sin(theta), ys, radius * np.cos(theta)], 1)
