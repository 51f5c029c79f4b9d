"""The auxiliary network that reads the password's bits from a picture and what was made of it."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from medbench.methods.networks.lattice import GRID, SIZE, analyse
from medbench.methods.password.bits import BITS, carriers

_WIDTH = 32


class BitReader(nn.Module):
    """Two towers whose products, averaged over the picture, give 16 logits.

    As in the paper it sees both pictures: the bits lie in how they differ, so that the protected
    one by itself does not give the password away.
    """

    def __init__(self) -> None:
        super().__init__()
        self.before, self.after = _tower(), _tower()
        self.scale = nn.Parameter(torch.tensor(20.0))

    def forward(self, before: Tensor, after: Tensor) -> Tensor:
        """Logits (B, 16) of the bits for pictures (B, 3, 128, 128), before and after."""
        expected = self.before(_numbers(before)) * carriers(GRID).to(before)
        return self.scale * (expected * self.after(_numbers(after))).mean((2, 3))


def _numbers(pictures: Tensor) -> Tensor:
    seen, hidden = analyse(pictures)
    # The hidden numbers are small: brought to the size of the others.
    return torch.cat([seen, 60 * hidden], dim=1)


def _tower() -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(SIZE, _WIDTH, 3, padding=1), nn.LeakyReLU(0.5), nn.Conv2d(_WIDTH, BITS, 1), nn.Tanh()
    )
