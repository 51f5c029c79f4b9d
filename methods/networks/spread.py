"""Numbers on a grid made into noise that only the right bits undo: signs, a transform, a mix, signs."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn

from medbench.methods.training.seeds import generator


class BitSpread(nn.Module):
    """An orthogonal map of (B, channels, side, side) that the bits (B, n) of -1 and 1 choose.

    Each sign is a parity of some bits, drawn by name: any wrong bit turns half of them. Between the
    two rounds of signs a Hadamard transform spreads each number over the whole grid, and a cosine
    transform over all channels. Nothing is learned and nothing stored.

    Args (of the constructor):
        bits: How many bits choose.
        channels: Numbers per cell.
        side: Cells per side, a power of two.
        name: Where the parities come from.
    """

    mix: Tensor
    hadamard: Tensor
    first: Tensor
    second: Tensor

    def __init__(self, bits: int, channels: int, side: int, name: str) -> None:
        super().__init__()
        self.register_buffer("mix", cosines(channels), persistent=False)
        self.register_buffer("hadamard", _hadamard(side), persistent=False)
        for place in ("first", "second"):
            drawn = generator(name, "signs", place).integers(0, 2, size=(channels, side, side, bits))
            self.register_buffer(place, torch.from_numpy(drawn.astype(np.float32)), persistent=False)

    def spread(self, code: Tensor, bits: Tensor) -> Tensor:
        """Numbers to noise."""
        code = self.hadamard @ (code * parities(bits, self.first)) @ self.hadamard
        return torch.einsum("kn,bnij->bkij", self.mix, code) * parities(bits, self.second)

    def gather(self, noise: Tensor, bits: Tensor) -> Tensor:
        """Noise back to numbers, where the bits are the same."""
        code = torch.einsum("kn,bkij->bnij", self.mix, noise * parities(bits, self.second))
        return self.hadamard @ code @ self.hadamard * parities(bits, self.first)


def parities(bits: Tensor, masks: Tensor) -> Tensor:
    """Products of the bits (B, n) that each of ``masks`` (..., n) of 0 and 1 picks: (B, ...) of -1, 1."""
    minus = (bits < 0).to(masks.dtype)
    odd = torch.tensordot(minus, masks, dims=([1], [masks.dim() - 1])) % 2
    return 1 - 2 * odd


def cosines(size: int) -> Tensor:
    """Orthonormal cosine functions (size, size), one per row."""
    n = np.arange(size)
    rows = np.cos(np.pi * (2 * n[None] + 1) * n[:, None] / (2 * size)) * np.sqrt(2 / size)
    rows[0] /= np.sqrt(2)
    return torch.tensor(rows, dtype=torch.float32)


def _hadamard(side: int) -> Tensor:
    matrix = np.ones((1, 1))
    while len(matrix) < side:
        matrix = np.block([[matrix, matrix], [matrix, -matrix]])
    return torch.tensor(matrix / np.sqrt(side), dtype=torch.float32)
