"""Light: one warm or cool key light with soft cast shadows, a fill light, and the sky."""

from __future__ import annotations

import cv2
import numpy as np

from medbench.suites.mini.camera import SIZE, Camera, Hit
from medbench.suites.mini.numeric import F, smoothstep
from medbench.suites.mini.scene import Scene

#: how far light wraps round the skin, per channel: red goes furthest below the surface
_WRAP = np.array([0.30, 0.17, 0.12], F)


class Light:
    """The light of a scene, in the head frame."""

    def __init__(self, scene: Scene, camera: Camera) -> None:
        azimuth, height = scene.light
        towards = np.array(
            [np.sin(azimuth) * np.cos(height), -np.sin(height), np.cos(azimuth) * np.cos(height)]
        )
        fill = np.array([-np.sin(azimuth) * 0.8, -0.2, 0.75])
        view = np.array([0, 0, 1.0]) @ camera.turn
        key = towards @ camera.turn
        half = key + view
        half /= np.linalg.norm(half)
        self.camera_key = towards
        self.key, self.half = key.astype(F), half.astype(F)
        self.colour = np.array([1 + scene.warmth, 1, 1 - scene.warmth], F) * F(scene.key)
        self.ambient = scene.ambient
        down = np.array([0, 1.0, 0]) @ camera.turn
        self._axes = np.stack([key, fill / np.linalg.norm(fill) @ camera.turn, down, half], 1).astype(F)

    def shade(
        self, normal: np.ndarray, sky: np.ndarray, albedo: np.ndarray, gloss: np.ndarray, shadow: np.ndarray
    ) -> np.ndarray:
        """Linear radiance (n, 3) of points with unit normals and albedo (n, 3), sky, gloss, shadow (n,)."""
        q = normal @ self._axes
        around = sky * (F(self.ambient) * (F(0.775) - F(0.225) * q[:, 2]) + F(0.28) * np.maximum(q[:, 1], 0))
        open_ = np.sqrt(sky) * shadow
        shine = _power24(np.maximum(q[:, 3], 0)) * gloss * sky * shadow * F(0.5)
        out = np.empty_like(albedo)
        for c in range(3):
            lit = np.maximum((q[:, 0] + _WRAP[c]) / (1 + _WRAP[c]), 0) * self.colour[c]
            out[:, c] = albedo[:, c] * (lit * open_ + around) + shine * self.colour[c]
        return out

    def shadow(self, hit: Hit, camera: Camera) -> np.ndarray:
        """Share (SIZE, SIZE) of the key light that is not blocked by nose, brow, chin or hair."""
        n = SIZE // 2
        depth = cv2.resize(-hit.ray, (n, n), interpolation=cv2.INTER_AREA)
        depth = np.where(cv2.resize(hit.share, (n, n), interpolation=cv2.INTER_AREA) > 0.5, depth, F(-2000))
        lx, ly, lz = (float(v) for v in self.camera_key)
        scale = camera.pixels_per_mm * n / SIZE
        block = np.zeros((n, n), F)
        for reach in (3.0, 5.0, 8.0, 12.0, 17.0, 23.0, 30.0, 40.0):
            move = np.array([[1, 0, reach * lx * scale], [0, 1, reach * ly * scale]], F)
            blocker = cv2.warpAffine(
                depth, move, (n, n), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, borderValue=-2000.0
            )
            over = blocker - depth - F(reach * lz)
            np.maximum(block, np.clip(over / F(2.5 + 0.12 * reach), 0, 1), out=block)
        soft = cv2.GaussianBlur(smoothstep(0.1, 1.0, block).astype(F), (0, 0), 1.6)
        return cv2.resize(1 - F(0.62) * soft, (SIZE, SIZE), interpolation=cv2.INTER_LINEAR)


def _power24(x: np.ndarray) -> np.ndarray:
    x8 = x * x
    x8 = x8 * x8
    x8 = x8 * x8
    return x8 * x8 * x8
