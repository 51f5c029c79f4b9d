"""A picture of 128 px as 48 numbers per block of 4x4 pixels: colour by DCT, seen ones and hidden ones."""

from __future__ import annotations

from functools import cache

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from medbench.methods.networks.spread import cosines

SIDE = 128
BLOCK = 4
GRID = SIDE // BLOCK
SIZE = 3 * BLOCK * BLOCK
_COLOUR = np.array([[1, 1, 1], [1, 0, -1], [1, -2, 1]]) / np.sqrt([[3], [2], [6]])


@cache
def _functions() -> tuple[Tensor, int]:
    """Orthonormal functions (48, 48) on unshuffled blocks, and how many of them, the first, are seen.

    The hidden ones are the two colour differences at all but the three lowest frequencies: where an
    eye notices a change last.
    """
    rows = cosines(BLOCK).numpy()
    seen: list[np.ndarray] = []
    hidden: list[np.ndarray] = []
    for channel in range(3):
        for u in range(BLOCK):
            for v in range(BLOCK):
                function = np.einsum("c,i,j->cij", _COLOUR[channel], rows[u], rows[v]).ravel()
                (hidden if channel and u + v > 1 else seen).append(function)
    return torch.tensor(np.stack(seen + hidden), dtype=torch.float32), len(seen)


SEEN = _functions()[1]
HIDDEN = SIZE - SEEN


def analyse(pictures: Tensor) -> tuple[Tensor, Tensor]:
    """Pictures (B, 3, 128, 128) -> seen numbers (B, 22, 32, 32) and hidden ones (B, 26, 32, 32)."""
    numbers = torch.einsum("kn,bnij->bkij", _functions()[0].to(pictures), F.pixel_unshuffle(pictures, BLOCK))
    return numbers[:, :SEEN], numbers[:, SEEN:]


def compose(seen: Tensor, hidden: Tensor) -> Tensor:
    """Inverse of :func:`analyse`."""
    numbers = torch.cat([seen, hidden], dim=1)
    return F.pixel_shuffle(torch.einsum("kn,bkij->bnij", _functions()[0].to(seen), numbers), BLOCK)
