"""The way back: a code of the face in the hidden numbers, spread and signed by the password."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from medbench.methods.networks.blocks import ResBlock
from medbench.methods.networks.lattice import GRID, HIDDEN, SIZE, analyse, compose
from medbench.methods.networks.spread import BitSpread
from medbench.methods.password.bits import BITS, carriers, planes

#: Hidden numbers that the bit reader is written into; the others carry the face and its mark.
READER = 2
CODE = HIDDEN - READER
#: Grey levels, root mean square over a block's 48 values, that the code takes.
_LOUDNESS = 2.0 / 255.0
_WIDTH = 48


class Secret(nn.Module):
    """``write`` for the password of protecting, ``read`` for the one that restores: its complement.

    The code of a block is a learned linear map of its 48 numbers, and one constant, the mark.
    """

    def __init__(self) -> None:
        super().__init__()
        self.encoder = nn.Conv2d(SIZE, CODE - 1, 1)
        self.decoder = nn.Conv2d(CODE - 1, SIZE, 1)
        self.polish_in = nn.Conv2d(SIZE, _WIDTH, 3, padding=1)
        self.polish = ResBlock(_WIDTH, norm=True)
        self.polish_out = nn.Conv2d(_WIDTH, SIZE, 3, padding=1)
        self.reader_face = nn.Conv2d(SIZE, BITS, 3, padding=1)
        self.reader_slots = nn.Conv2d(BITS, READER, 1)
        self.opening = nn.Parameter(torch.tensor([12.0, 0.5]))
        nn.init.normal_(self.polish_out.weight, std=1e-3)
        nn.init.zeros_(self.polish_out.get_parameter("bias"))
        self.spread = BitSpread(BITS, CODE, GRID, "password")

    @torch.no_grad()
    def start_from(self, pictures: Tensor) -> None:
        """Begin as the principal components of ``pictures`` (N, 3, 128, 128), loud by their spread's root."""
        numbers = torch.cat(analyse(pictures), dim=1).permute(0, 2, 3, 1).reshape(-1, SIZE)
        mean = numbers.mean(0)
        spread, axes = torch.linalg.eigh(torch.cov((numbers - mean).T))
        spread, axes = spread.flip(0)[: CODE - 1].clamp(min=1e-9).sqrt(), axes.flip(1)[:, : CODE - 1]
        loud = (spread * (SIZE / spread.sum())).sqrt()
        forth, back = (axes * (loud / spread)).T, axes * (spread / loud)
        self.encoder.weight.copy_(forth[:, :, None, None])
        self.encoder.get_parameter("bias").copy_(-forth @ mean)
        self.decoder.weight.copy_(back[:, :, None, None])
        self.decoder.get_parameter("bias").copy_(mean)

    def write(self, pictures: Tensor, bits: Tensor) -> Tensor:
        """Hidden numbers (B, 26, 32, 32) that carry ``pictures`` (B, 3, 128, 128) under ``bits`` (B, 16)."""
        numbers = torch.cat(analyse(pictures), dim=1)
        code = torch.cat([self.encoder(numbers), torch.ones_like(numbers[:, :1])], dim=1)
        seen = torch.tanh(self.reader_face(numbers)) * carriers(GRID).to(numbers)
        for_reader = self.reader_slots(seen * planes(bits, GRID))
        return _LOUDNESS * torch.cat([self.spread.spread(code, bits), for_reader.tanh()], dim=1)

    def read(self, pictures: Tensor, bits: Tensor) -> tuple[Tensor, Tensor]:
        """What the complement of ``bits`` wrote: a picture (B, 3, 128, 128), and its mark (B,), 1 if true."""
        code = self.spread.gather(analyse(pictures)[1][:, :CODE] / _LOUDNESS, -bits)
        numbers = self.decoder(code[:, :-1])
        numbers = numbers + self.polish_out(self.polish(self.polish_in(numbers)))
        found = compose(*numbers.split([SIZE - HIDDEN, HIDDEN], dim=1))
        return found, code[:, -1].mean((1, 2))

    def opens(self, mark: Tensor) -> Tensor:
        """How far a mark (B,) says that the password is right, in (0, 1)."""
        steepness, edge = self.opening
        return torch.sigmoid(steepness * (mark - edge))
