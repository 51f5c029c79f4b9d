"""The open part of what a protected picture carries: where the face's square lies, and a nonce."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from medbench.methods.carrier.blockcode import BLOCK
from medbench.methods.face_window import SIDE, Window

_MAGIC = 0x4D53


class Envelope(NamedTuple):
    """128 bits: four 16-bit numbers (mark, top, left, side) and an 8-byte nonce. No secret."""

    window: Window
    nonce: bytes

    def bits(self) -> Tensor:
        """As 0/1 floats (128,)."""
        numbers = np.array([_MAGIC, *self.window], dtype=">u2").tobytes()
        return torch.from_numpy(
            np.unpackbits(np.frombuffer(numbers + self.nonce, np.uint8)).astype(np.float32)
        )

    @classmethod
    def from_bits(cls, bits: Tensor, height: int, width: int) -> Envelope | None:
        """Read it back; None where the picture carries none (not ours, or re-saved with loss)."""
        raw = np.packbits(bits.numpy().astype(np.uint8)).tobytes()
        magic, top, left, side = (int(v) for v in np.frombuffer(raw[:8], dtype=">u2"))
        if magic != _MAGIC or side < 64 or top + side > height or left + side > width:
            return None
        return cls(Window(top, left, side), raw[8:])


def code_blocks(window: Window) -> tuple[int, int, int]:
    """First block row, first block column, and blocks per side of the code inside the window."""
    row, col = -(-window.top // BLOCK), -(-window.left // BLOCK)
    fit = min((window.top + window.side) // BLOCK - row, (window.left + window.side) // BLOCK - col)
    return row, col, min(fit, SIDE // BLOCK)
