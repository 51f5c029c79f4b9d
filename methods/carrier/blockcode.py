"""The face as numbers: 29 block DCT coefficients in 41 digits per 8x8 block, and back.

The code is what the ID-Encryptor hides in the protected picture. Its analytic start (a block DCT)
gives about 35 dB before any training; a method may refine what comes back.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import torch
from torch import Tensor

BLOCK = 8
_YCC = torch.tensor([[0.299, 0.587, 0.114], [-0.168736, -0.331264, 0.5], [0.5, -0.418688, -0.081312]])
_KEPT = (21, 4, 4)
#: Kept coefficients (luma first, then the two chromas) whose range is so wide that they are written
#: as a coarse and a fine digit.
_TWO_DIGITS = (*range(10), 21, 25)
_DIGITS = 6
#: Values per block: every kept coefficient, and a second digit for some.
CODE_SIZE = sum(_KEPT) + len(_TWO_DIGITS)
_MARGIN = 0.07
_SCALE = 255.0


def zigzag() -> list[tuple[int, int]]:
    """(row, column) of the 64 block frequencies from low to high."""
    cells = [(u, v) for u in range(BLOCK) for v in range(BLOCK)]
    return sorted(cells, key=lambda c: (c[0] + c[1], c[0] if (c[0] + c[1]) % 2 else c[1]))


@cache
def basis() -> Tensor:
    """Orthonormal block DCT functions in zigzag order: (64, 8, 8)."""
    n = np.arange(BLOCK)
    rows = np.cos(np.pi * (2 * n[None] + 1) * n[:, None] / (2 * BLOCK)) * np.sqrt(2 / BLOCK)
    rows[0] /= np.sqrt(2)
    return torch.tensor(np.stack([np.outer(rows[u], rows[v]) for u, v in zigzag()]), dtype=torch.float32)


def to_blocks(images: Tensor) -> Tensor:
    """(B, C, H, W) with H, W multiples of 8 -> (B, H/8, W/8, C, 64) DCT coefficients."""
    b, c, h, w = images.shape
    tiles = images.reshape(b, c, h // BLOCK, BLOCK, w // BLOCK, BLOCK).permute(0, 2, 4, 1, 3, 5)
    return tiles.reshape(b, h // BLOCK, w // BLOCK, c, 64) @ basis().to(images).reshape(64, 64).T


def from_blocks(coefficients: Tensor) -> Tensor:
    """Inverse of :func:`to_blocks`."""
    b, rows, cols, c, _ = coefficients.shape
    tiles = coefficients @ basis().to(coefficients).reshape(64, 64)
    tiles = tiles.reshape(b, rows, cols, c, BLOCK, BLOCK).permute(0, 3, 1, 4, 2, 5)
    return tiles.reshape(b, c, rows * BLOCK, cols * BLOCK)


@cache
def _ranges() -> Tensor:
    """Largest magnitude written for each kept coefficient, in grey levels (rarer ones are clipped)."""
    order = torch.tensor([u + v for u, v in zigzag()], dtype=torch.float32)
    luma = 560.0 / order.clamp(min=1.0) ** 1.1
    chroma = 120.0 / order.clamp(min=1.0) ** 0.9
    luma[0], chroma[0] = 4 * _SCALE, 4 * _SCALE
    return torch.cat([luma[: _KEPT[0]], chroma[: _KEPT[1]], chroma[: _KEPT[2]]])


def encode(images: Tensor) -> Tensor:
    """Images (B, 3, H, W) in [0, 1] -> code (B, H/8, W/8, CODE_SIZE) in [0, 1)."""
    ycc = torch.einsum("dc,bchw->bdhw", _YCC.to(images), images * _SCALE)
    ycc[:, 0] -= _SCALE / 2
    blocks = to_blocks(ycc)
    kept = torch.cat([blocks[..., c, :n] for c, n in enumerate(_KEPT)], dim=-1)
    u = (kept / (2 * _ranges().to(images)) + 0.5).clamp(0, 1 - 1e-6)
    wide = u[..., _TWO_DIGITS] * _DIGITS
    u[..., _TWO_DIGITS] = (wide.floor() + 0.5) / _DIGITS
    return _MARGIN + (1 - 2 * _MARGIN) * torch.cat([u, wide - wide.floor()], dim=-1)


def decode(code: Tensor) -> Tensor:
    """Inverse of :func:`encode` for a code read back with noise: images (B, 3, H, W) in [0, 1]."""
    u = ((code - _MARGIN) / (1 - 2 * _MARGIN)).clamp(0, 1)
    u, fine = u[..., : sum(_KEPT)].clone(), u[..., sum(_KEPT) :]
    coarse = (u[..., _TWO_DIGITS] * _DIGITS - 0.5).round().clamp(0, _DIGITS - 1)
    u[..., _TWO_DIGITS] = (coarse + fine) / _DIGITS
    kept = (u - 0.5) * 2 * _ranges().to(code)
    blocks = code.new_zeros(*code.shape[:3], 3, BLOCK * BLOCK)
    for channel, part in enumerate(kept.split(_KEPT, dim=-1)):
        blocks[..., channel, : _KEPT[channel]] = part
    ycc = from_blocks(blocks)
    ycc[:, 0] += _SCALE / 2
    rgb = torch.einsum("dc,bchw->bdhw", torch.linalg.inv(_YCC).to(code), ycc)
    return (rgb / _SCALE).clamp(0, 1)
