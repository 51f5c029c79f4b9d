"""A pinhole camera 900 mm away: projection, rays, and where each ray meets the relief."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from medbench.suites.mini.chart import CAP_K, CAP_Y, NU, NV, STEP_U, STEP_V, THETA, V0, V1
from medbench.suites.mini.numeric import F
from medbench.suites.mini.scene import Scene

SIZE = 256
DISTANCE = 900.0
_FRAME = 256.0
_PIVOT = np.array([0, 12, 20.0])
_MIDDLE_Y = 14.0


def rotation(scene: Scene) -> np.ndarray:
    """Head to camera axes (3, 3): yaw turns the face to the image's right, pitch > 0 looks down."""
    cy, sy, cx, sx = np.cos(scene.yaw), np.sin(scene.yaw), np.cos(scene.pitch), np.sin(scene.pitch)
    cz, sz = np.cos(scene.roll), np.sin(scene.roll)
    around_y = np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]])
    around_x = np.array([[1, 0, 0], [0, cx, sx], [0, -sx, cx]])
    around_z = np.array([[cz, -sz, 0], [sz, cz, 0], [0, 0, 1]])
    return around_z @ around_x @ around_y


@dataclass(frozen=True)
class Hit:
    """Per pixel: surface point x, y, z (head frame, mm), chart column and row, ray length, share."""

    x: np.ndarray
    y: np.ndarray
    z: np.ndarray
    column: np.ndarray
    row: np.ndarray
    ray: np.ndarray
    share: np.ndarray


class Camera:
    """The camera of a scene."""

    def __init__(self, scene: Scene) -> None:
        self.turn = rotation(scene)
        self.pixels_per_mm = SIZE / _FRAME * scene.scale
        self.middle = np.array([SIZE / 2 + scene.shift[0], SIZE / 2 + scene.shift[1]])
        self.origin = (np.array([0, 0, DISTANCE]) @ self.turn + _PIVOT).astype(F)

    def project(self, points: np.ndarray) -> np.ndarray:
        """Head-frame points (n, 3) in mm to pixels (n, 2), x to the right, y down."""
        q = (np.atleast_2d(points) - _PIVOT) @ self.turn.T
        zoom = DISTANCE / (DISTANCE - q[:, 2]) * self.pixels_per_mm
        return np.stack(
            [self.middle[0] + q[:, 0] * zoom, self.middle[1] + (q[:, 1] - (_MIDDLE_Y - _PIVOT[1])) * zoom], 1
        )

    def rays(self, size: int) -> np.ndarray:
        """Directions (size, size, 3) in the head frame, of unit step along the optical axis."""
        focal = self.pixels_per_mm * DISTANCE
        at = (np.arange(size, dtype=F) + F(0.5)) * F(SIZE / size)
        left = (at - F(self.middle[0])) / F(focal)
        down = (at - F(self.middle[1])) / F(focal) + F((_MIDDLE_Y - _PIVOT[1]) / DISTANCE)
        u, v = np.meshgrid(left, down)
        return cv2.transform(np.dstack([u, v, -np.ones_like(u)]), self.turn.T.astype(F))

    def trace(self, relief: np.ndarray) -> tuple[Hit, np.ndarray]:
        """Meet the relief with every pixel's ray; also return the rays (SIZE, SIZE, 3)."""
        coarse = self.rays(SIZE // 2)
        t: np.ndarray = np.full(coarse.shape[:2], DISTANCE - 122, F)
        for _ in range(15):
            gap = self._gap(relief, coarse, t)[0]
            t = np.minimum(t + np.where(gap > 0, F(0.62) * gap, F(0.9) * gap), F(DISTANCE + 120))
        t = cv2.resize(t, (SIZE, SIZE), interpolation=cv2.INTER_LINEAR)
        rays = self.rays(SIZE)
        for _ in range(3):
            t = t + np.clip(F(0.8) * self._gap(relief, rays, t)[0], -14, 14)
        gap, x, y, z, column, row = self._gap(relief, rays, t)
        near = np.clip((F(6.0) - np.abs(gap)) * F(0.5), 0, 1) * np.clip((F(V1 - 1) - y), 0, 1)
        near *= np.clip((F(DISTANCE + 100) - t) * F(0.2), 0, 1)
        near = cv2.morphologyEx(near, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
        return Hit(x, y, z, column, row, t, cv2.blur(near, (3, 3))), rays

    def _gap(self, relief: np.ndarray, rays: np.ndarray, t: np.ndarray) -> tuple[np.ndarray, ...]:
        """Signed distance to the relief (along its radius) at ``t``, the point, its chart position."""
        o = self.origin
        x, y, z = o[0] + rays[..., 0] * t, o[1] + rays[..., 1] * t, o[2] + rays[..., 2] * t
        rho, theta = cv2.cartToPolar(-z, -x)
        radius, phi = cv2.cartToPolar(rho, np.maximum(F(CAP_Y) - y, F(0)))
        column = (theta - F(np.pi - THETA)) * F(1 / STEP_U)
        row = (np.maximum(y, F(CAP_Y)) - F(CAP_K) * phi - F(V0)) * F(1 / STEP_V)
        r = cv2.remap(relief, column, row, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        return radius - r, x, y, z, column, row


def chart_uv(hit: Hit) -> np.ndarray:
    """Chart position of each pixel in [-1, 1] (theta over +-THETA, v downwards); NaN off the head."""
    uv = np.dstack([hit.column * (2 / (NU - 1)) - 1, hit.row * (2 / (NV - 1)) - 1]).astype(F)
    uv[hit.share <= 0] = np.nan
    return np.clip(uv, -1, 1)
