"""Principal components of small pictures, in closed form: where a short training starts from."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

#: Pixels per side of a small picture, and numbers that it has.
SIDE = 32
NUMBERS = 3 * SIDE * SIDE


class Eigenfaces(NamedTuple):
    """``mean`` (3072,); ``basis`` (parts, 3072), rows as long as they vary; ``spare`` variance per number."""

    mean: Tensor
    basis: Tensor
    spare: float

    @classmethod
    def of(cls, faces: np.ndarray, parts: int) -> Eigenfaces:
        """Fit to small pictures (n, 3, 32, 32), each also mirrored; the same for the same pictures."""
        from sklearn.decomposition import PCA

        both = np.concatenate([faces, faces[..., ::-1]]).reshape(2 * len(faces), -1)
        found = PCA(parts, svd_solver="randomized", random_state=0).fit(both)
        rows = found.components_ * np.sqrt(found.explained_variance_)[:, None]
        mean, basis = torch.from_numpy(found.mean_), torch.from_numpy(rows)
        return cls(mean, basis, float(found.noise_variance_))


def small_pictures(crops: np.ndarray) -> np.ndarray:
    """Crops uint8 (N, S, S, 3), 32 dividing S, averaged to float32 (N, 3, 32, 32) in [-1, 1]."""
    cell = crops.shape[1] // SIDE
    cells = crops.reshape(len(crops), SIDE, cell, SIDE, cell, 3)
    return cells.mean(axis=(2, 4), dtype=np.float32).transpose(0, 3, 1, 2) / 127.5 - 1


def flat(pictures: Tensor) -> Tensor:
    """Pictures (B, 3, S, S) averaged to 32 px and laid flat: (B, 3072)."""
    return F.adaptive_avg_pool2d(pictures, SIDE).flatten(1)


def unfolded(numbers: Tensor, side: int) -> Tensor:
    """Small pictures laid flat (B, 3072) -> soft pictures (B, 3, side, side)."""
    small = numbers.view(-1, 3, SIDE, SIDE)
    return F.interpolate(small, size=(side, side), mode="bilinear", align_corners=False)
