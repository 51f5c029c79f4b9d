"""The generator: from the picture and the same picture with a drawn head, what both should become."""

from __future__ import annotations

from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from medbench.methods.eye_window import CELLS, enlarge
from medbench.methods.networks.blocks import Down, ResBlock

#: Pixels per side of a cell that the network sees at once, and of a cell of its maps.
_CELL, _MAP = 8, 4
_FINE, _WIDE = 48, 64
#: An untrained generator keeps the drawn head: sigmoid(-4) of the patient's pixels.
_CLOSED = -4.0
#: In use, a share below the first is none and above the second is all: a hint of the patient on cheek or
#: chin serves no expert, but a recogniser. Training needs the smooth share.
_NONE, _ALL = 0.4, 0.8
#: Largest change of a pixel beside the mixing.
_TOUCH = 0.15


class Made(NamedTuple):
    """``picture`` (B, 3, 256, 256) and ``kept`` (B, 1, 256, 256), the patient's share of each pixel."""

    picture: Tensor
    kept: Tensor


class Generator(nn.Module):
    """Says how much of the patient's picture to keep where, and what colour to add; smooth maps, no pixels.

    What is smooth cannot paint a pattern that pleases the networks of the losses and is no face.
    """

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Conv2d(6 * _CELL**2, _FINE, 1)
        self.fine = ResBlock(_FINE)
        self.wide = nn.Sequential(Down(_FINE, _WIDE), ResBlock(_WIDE), ResBlock(_WIDE))
        self.join = nn.Conv2d(_WIDE + _FINE, _FINE, 1)
        self.block = ResBlock(_FINE)
        self.last = nn.Conv2d(_FINE, 4 * (_CELL // _MAP) ** 2, 3, padding=1)
        nn.init.normal_(self.last.weight, std=0.005)
        assert self.last.bias is not None
        nn.init.zeros_(self.last.bias)

    def forward(self, patient: Tensor, drawn: Tensor) -> Made:
        """Pictures of the patient and with the drawn head, both (B, 3, 256, 256) in [0, 1]."""
        fine = self.fine(self.stem(F.pixel_unshuffle(torch.cat([patient, drawn], dim=1) - 0.5, _CELL)))
        above = F.interpolate(self.wide(fine), scale_factor=2, mode="bilinear", align_corners=False)
        x = self.block(self.join(torch.cat([above, fine], dim=1)))
        maps = enlarge(F.pixel_shuffle(self.last(F.silu(x)), _CELL // _MAP))
        kept = torch.sigmoid(maps[:, :1] + _CLOSED)
        if not self.training:
            kept = ((kept - _NONE) / (_ALL - _NONE)).clamp(0, 1)
        touched = drawn + kept * (tinted(patient, drawn) - drawn) + _TOUCH * torch.tanh(maps[:, 1:])
        # Outside both heads the two pictures are one, and nothing is touched up.
        alike = (patient - drawn).abs().amax(1, keepdim=True) < 1e-6
        return Made(torch.where(alike, patient, touched).clamp(0, 1), kept)


def tinted(patient: Tensor, drawn: Tensor) -> Tensor:
    """The patient's picture in the drawn one's colours, over wide cells: finer ones would paint an iris."""
    before, after = (F.adaptive_avg_pool2d(picture, CELLS) for picture in (patient, drawn))
    return (patient * enlarge((after / before.clamp(min=0.02)).clamp(0.3, 3.0))).clamp(0, 1)
