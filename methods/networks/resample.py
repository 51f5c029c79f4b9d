"""From a square of any size to a network's size and back, such that what went up comes down unchanged."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor


def shrink(square: Tensor, size: int) -> Tensor:
    """A square (..., n, n) at ``size``, each pixel the mean of the area that it covers."""
    matrix = _down(square.shape[-1], size).to(square)
    return matrix @ square @ matrix.T


def grow(picture: Tensor, side: int) -> Tensor:
    """A picture (..., n, n) at ``side``, smooth; ``shrink(grow(x, side), n) == x`` if ``side >= n``."""
    matrix = _up(picture.shape[-1], side).to(picture)
    return matrix @ picture @ matrix.T


def as_kept(pictures: Tensor, largest: int = 256) -> Tensor:
    """Pictures (B, C, n, n) as they come back from an archive: in 8 bits, at a size of their own.

    torch's random state draws the size, from n to ``largest``. The gradient passes through the rounding.
    """
    size = pictures.shape[-1]
    shown = grow(pictures, int(torch.randint(size, largest + 1, ()).item())).clamp(0, 1)
    return shrink(shown + ((shown * 255).round() / 255 - shown).detach(), size)


@lru_cache(maxsize=256)
def _down(side: int, size: int) -> Tensor:
    edges = np.arange(size + 1) * (side / size)
    cells = np.arange(side)
    overlap = np.minimum(edges[1:, None], cells[None] + 1) - np.maximum(edges[:-1, None], cells[None])
    weights = np.clip(overlap, 0, None)
    return torch.tensor(weights / weights.sum(1, keepdims=True), dtype=torch.float32)


@lru_cache(maxsize=256)
def _up(size: int, side: int) -> Tensor:
    smooth = F.interpolate(
        torch.eye(size)[None, None], size=(side, size), mode="bicubic", antialias=True, align_corners=False
    )[0, 0].double()
    if side < size:
        return smooth.float()
    down = _down(side, size).double()
    # What the smooth picture's areas miss is added evenly over each of them.
    missing = torch.eye(size, dtype=torch.float64) - down @ smooth
    return (smooth + down.T @ torch.linalg.solve(down @ down.T, missing)).float()
