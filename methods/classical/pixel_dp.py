"""Pixel DP (DP-Pix; Fan, "Image pixelization with differential privacy", DBSec 2018).

Two pictures are neighbours when at most m pixels differ, here m = 1/16 of a cell (Fan: 16 of
16 x 16). A cell's mean then moves by at most m / pixels in each of three channels, so Laplace
noise of scale 3 m / (pixels x epsilon) on every channel of every cell makes the cells
epsilon-differentially private. Values are in [0, 1].
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from medbench.keys import Key
from medbench.methods.classical.cells import Cells
from medbench.methods.face_mask import face_mask, face_width
from medbench.methods.face_region import Face
from medbench.methods.method import MethodCard
from medbench.methods.per_face import PerFaceMethod

EPSILON = {"weak": 10.0, "medium": 3.0, "strong": 1.0}
CELLS_ACROSS = 12
_NEIGHBOURHOOD = 1 / 16


def noise_scale(sizes: np.ndarray, side: int, epsilon: float) -> np.ndarray:
    """Scale of the Laplace noise of cells with ``sizes`` pixels, ``side`` x ``side`` when whole."""
    return 3 * _NEIGHBOURHOOD * side**2 / (sizes * epsilon)


class PixelDP(PerFaceMethod):
    """Mosaic with Laplace noise on every cell; the noise is drawn from the key and the picture."""

    card = MethodCard.read(Path(__file__).with_name("card_pixel_dp.yaml"))

    def treat(self, pixels: np.ndarray, faces: Sequence[Face], draws: Key) -> np.ndarray:
        """See :meth:`PerFaceMethod.treat`."""
        for number, face in enumerate(faces):
            mask = face_mask(face.landmarks, *pixels.shape[:2])
            side = max(2, round(face_width(face.landmarks) / CELLS_ACROSS))
            cells = Cells.over(mask, side)
            means = cells.means(pixels)
            scale = noise_scale(cells.sizes(), side, EPSILON[self.preset])[..., None]
            noise = scale * laplace(draws, means.shape, f"face {number}")
            pixels = cells.paint(pixels, (means + noise).clip(0, 1), mask)
        return pixels


def laplace(draws: Key, shape: tuple[int, ...], purpose: str) -> np.ndarray:
    """Draw Laplace noise of scale 1: the quantile function at uniform draws."""
    centred = draws.uniform(int(np.prod(shape)), purpose).reshape(shape) - 0.5
    return -np.sign(centred) * np.log1p(-2 * np.abs(centred))
