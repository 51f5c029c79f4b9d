"""What the 16 bits of a password mean: the key they come from, planes, the virtual person, signs.

Everything is a product of some of the bits (a parity), so that each single bit turns half of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from medbench.methods.networks.spread import parities
from medbench.methods.training.seeds import generator

if TYPE_CHECKING:
    from medbench.keys import Key

BITS = 16
PEOPLE = 16
LOOK = PEOPLE + BITS
#: Bit i changes the person's number by XOR with _PERSON[i]: never 0, and all sixteen together give
#: 15, which no single bit gives. So no password one bit away, of this or of its complement, has the
#: same face.
_PERSON = (1, 2, 4, 8, 3, 5, 6, 7, 9, 10, 11, 12, 13, 14, 3, 3)
#: Bits that make the head's red, green and blue lighter or darker.
_TINTS = (0b1100_1010_0101_0011, 0b0110_0101_1100_1010, 0b1011_0011_0110_1001)
_TINT = 0.07


def passwords(keys: Sequence[Key]) -> Tensor:
    """The password of each key, ``key.bits(16, "face identity transformer")``: (B, 16) of -1 and 1."""
    drawn = np.stack([key.bits(BITS, "face identity transformer") for key in keys])
    return torch.from_numpy(drawn.astype(np.float32)) * 2 - 1


def planes(bits: Tensor, side: int) -> Tensor:
    """Passwords (B, 16) as planes (B, 16, side, side), each filled with its bit."""
    return bits[:, :, None, None].expand(-1, -1, side, side)


@cache
def carriers(side: int) -> Tensor:
    """A pattern of -1 and 1 per bit (16, side, side), by name, that keeps the reader's bits apart."""
    drawn = generator("password", "carriers").integers(0, 2, size=(BITS, side, side))
    return torch.from_numpy(drawn.astype(np.float32)) * 2 - 1


def person(bits: Tensor) -> Tensor:
    """The virtual person's number (B,) in 0..15 that passwords (B, 16) stand for."""
    minus = (bits < 0).long()
    number = torch.zeros_like(minus[:, 0])
    for bit, change in enumerate(_PERSON):
        number = number ^ (minus[:, bit] * change)
    return number


def tint(bits: Tensor) -> Tensor:
    """Gains (B, 3), 0.93 or 1.07, of the head's red, green and blue."""
    masks = [[mask >> bit & 1 for bit in range(BITS)] for mask in _TINTS]
    return 1 + _TINT * parities(bits, torch.tensor(masks, dtype=torch.float32, device=bits.device))


def look(bits: Tensor) -> Tensor:
    """What a painter needs to know: the person one-hot, and the bits themselves, (B, LOOK)."""
    one_hot = torch.nn.functional.one_hot(person(bits), PEOPLE).to(bits)
    return torch.cat([one_hot, bits], dim=1)


def standing_for(wanted: Tensor) -> Tensor:
    """Random passwords (B, 16) that stand for the persons ``wanted`` (B,); torch's random state draws."""
    drawn = torch.randint(0, 2, (len(wanted), BITS), device=wanted.device).float() * 2 - 1
    off = person(drawn) ^ wanted
    flips = torch.stack([1 - 2 * (off >> bit & 1) for bit in range(4)], dim=1)
    return torch.cat([drawn[:, :4] * flips, drawn[:, 4:]], dim=1)
