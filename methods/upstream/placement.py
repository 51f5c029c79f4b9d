"""Where a network's picture lies in the patient's, by an affine map; out by it, and back by it."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import torch

_FEATHER = 0.04


@dataclass(frozen=True)
class Placement:
    """A cut-out of one picture.

    Args (of the constructor):
        matrix: (2, 3) float64, pixels of the picture -> pixels of what goes in; pixel centres are whole.
        size: width and height of what goes in.
        inner: left, top, width and height of what comes out, in pixels of what went in; all of it
            by default.
        result: width and height of what comes out; as ``inner`` by default.
        landmarks: (68, 2) in pixels of what goes in.
    """

    matrix: np.ndarray
    size: tuple[int, int]
    landmarks: np.ndarray
    inner: tuple[float, float, float, float] | None = None
    result: tuple[int, int] | None = None

    @classmethod
    def of(cls, matrix: np.ndarray, size: tuple[int, int], points: np.ndarray, **more: object) -> Placement:
        """With ``points`` (68, 2) in pixels of the picture."""
        moved = points @ matrix[:, :2].T + matrix[:, 2]
        return cls(matrix, size, moved, **more)  # type: ignore[arg-type]

    @property
    def result_size(self) -> tuple[int, int]:
        """Width and height of what comes out."""
        return self.result or self.size

    def cut(self, picture: np.ndarray) -> np.ndarray:
        """Return what goes in, uint8 RGB; pixels beyond the picture's rim repeat the rim."""
        return _warp(picture, self.matrix, self.size)

    def frame(self, picture: np.ndarray) -> np.ndarray:
        """Return the picture, uint8 RGB, framed as what comes out."""
        return _warp(picture, self._to_result(), self.result_size)

    def paste(self, picture: torch.Tensor, drawing: np.ndarray) -> torch.Tensor:
        """Put ``drawing``, uint8 RGB of ``result_size``, back into ``picture`` (3, H, W), its rim blended."""
        width, height = picture.shape[2], picture.shape[1]
        back = cv2.invertAffineTransform(self._to_result())
        alpha = _rim(drawing.shape[0], drawing.shape[1])
        moved = _warp(drawing, back, (width, height))
        weight = torch.from_numpy(cv2.warpAffine(alpha, back, (width, height))).to(picture)
        new = torch.from_numpy(moved).permute(2, 0, 1).to(picture).div(255)
        return torch.where(weight > 0, torch.lerp(picture, new, weight), picture)

    def _to_result(self) -> np.ndarray:
        """Pixels of the picture -> pixels of what comes out."""
        left, top, width, height = self.inner or (0.0, 0.0, *map(float, self.size))
        x, y = self.result_size[0] / width, self.result_size[1] / height
        onward = np.array([[x, 0, (0.5 - left) * x - 0.5], [0, y, (0.5 - top) * y - 0.5]])
        return onward @ np.vstack([self.matrix, [0, 0, 1]])


def _scale(matrix: np.ndarray) -> float:
    """How many pixels of what comes out one pixel of what goes in becomes, at least."""
    return float(np.linalg.svd(matrix[:, :2], compute_uv=False).max())


def _rim(height: int, width: int) -> np.ndarray:
    """Weights (height, width) float32: one inside, down to nearly nothing at the rim."""
    ramps = []
    for length in (height, width):
        place = (np.arange(length) + 0.5) / length
        ramps.append(np.clip(np.minimum(place, 1 - place) / _FEATHER, 0, 1))
    return np.minimum(ramps[0][:, None], ramps[1][None]).astype(np.float32)


def _warp(picture: np.ndarray, matrix: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """Map a picture, shrunk by whole pixels first where it is much too large."""
    shrink = max(1, int(1 / _scale(matrix)))
    if shrink > 1:
        height, width = picture.shape[0] // shrink * shrink, picture.shape[1] // shrink * shrink
        small = (width // shrink, height // shrink)
        picture = cv2.resize(picture[:height, :width], small, interpolation=cv2.INTER_AREA)
        middle = (shrink - 1) / 2
        matrix = matrix @ np.array([[shrink, 0, middle], [0, shrink, middle], [0, 0, 1]])
    return cv2.warpAffine(picture, matrix, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
