"""Draws the password's virtual person in the scene of a picture: a U-Net that corrects a first sketch."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from medbench.methods.networks.blocks import Down, ResBlock, Up
from medbench.methods.networks.lattice import BLOCK, GRID, SIZE
from medbench.methods.password.bits import BITS, LOOK, look, planes

_COND = 48
#: The mask starts almost shut: what the network does not ask for is not copied.
_SHUT = -4.0
#: Weight of each pixel's own correction beside its block's: alone, they begin as a grid.
_FINE = 0.1


class Painter(nn.Module):
    """Pictures and sketches (B, 3, 128, 128), passwords (B, 16) -> pictures.

    The planes of the password are part of the input; the person, its tint and the bits also scale and
    shift each block. Where the mask says so, the picture is copied.
    """

    def __init__(self, widths: tuple[int, int, int] = (40, 64, 96)) -> None:
        super().__init__()
        fine, mid, wide = widths
        self.condition = nn.Sequential(nn.Linear(LOOK, _COND), nn.SiLU())
        self.stem = nn.Conv2d(2 * SIZE + BITS, fine, 3, padding=1)
        self.in_fine = nn.ModuleList([_block(fine)])
        self.down_mid, self.in_mid = Down(fine, mid), nn.ModuleList([_block(mid)])
        self.down_wide, self.deep = Down(mid, wide), nn.ModuleList([_block(wide), _block(wide)])
        self.up_mid, self.out_mid = Up(wide, mid), nn.ModuleList([_block(mid)])
        self.up_fine, self.out_fine = Up(mid, fine), nn.ModuleList([_block(fine), _block(fine)])
        self.out = nn.Conv2d(fine, 4 + 4 * BLOCK * BLOCK, 3, padding=1)
        nn.init.normal_(self.out.weight, std=0.002)
        nn.init.zeros_(self.out.get_parameter("bias"))

    def forward(self, pictures: Tensor, sketches: Tensor, bits: Tensor) -> Tensor:
        """Draw the password's person; the values may leave [0, 1]."""
        seen = F.pixel_unshuffle(torch.cat([pictures, sketches], dim=1) * 2 - 1, BLOCK)
        x = self.stem(torch.cat([seen, planes(bits, GRID).to(seen)], dim=1))
        cond = self.condition(look(bits))
        fine = _through(self.in_fine, x, cond)
        mid = _through(self.in_mid, self.down_mid(fine), cond)
        deep = _through(self.deep, self.down_wide(mid), cond)
        mid = _through(self.out_mid, mid + self.up_mid(deep), cond)
        fine = _through(self.out_fine, fine + self.up_fine(mid), cond)
        blocks, pixels = self.out(fine).float().tensor_split([4], dim=1)
        smooth = F.interpolate(blocks, scale_factor=BLOCK, mode="bilinear", align_corners=False)
        changes, cut = (smooth + _FINE * F.pixel_shuffle(pixels, BLOCK)).split([3, 1], dim=1)
        return torch.lerp(sketches + changes, pictures, torch.sigmoid(cut + _SHUT))


def _block(width: int) -> ResBlock:
    return ResBlock(width, norm=True, cond=_COND)


def _through(blocks: nn.ModuleList, x: Tensor, cond: Tensor) -> Tensor:
    for block in blocks:
        x = block(x, cond)
    return x
