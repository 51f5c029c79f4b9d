"""The mini preset's image decoder: a learned atlas per virtual person, posed, lit and cut in.

Plain convolutions trained for an hour on two cores blur, and a blur over a face is not another
face. So this decoder predicts smooth maps only (where on the person's surface each pixel lies, how
it is lit, what of the input is copied) and takes its sharpness from the atlas and from the input.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from medbench.methods.networks.blocks import ResBlock

SIDE = 256
GRID = 64
_MAPS = {"uv": 2, "gain": 3, "glow": 3, "tint": 3, "shift": 3, "paint": 3}
#: Cells per side of the maps that tint what is copied.
TINT_CELLS = 8
#: Principal ways in which the positions on the head move from picture to picture (pose, size, place).
POSES = 16


class Decoded(NamedTuple):
    """``picture`` (B, 3, 256, 256); ``uv`` (B, 2, 64, 64) in [-1, 1]; ``head``, ``copy`` (B, 1, 256, 256)."""

    picture: Tensor
    uv: Tensor
    head: Tensor
    copy: Tensor


class WarpDecoder(nn.Module):
    """Tokens (B, width, 16, 16) + skips + person -> :class:`Decoded`."""

    uv_base: Tensor
    uv_modes: Tensor
    mask_base: Tensor

    def __init__(self, widths: tuple[int, int, int], people: int, atlas: tuple[int, int]) -> None:
        super().__init__()
        fine, mid, wide = widths
        self.atlas = nn.Parameter(torch.full((people, 3, *atlas), 0.5))
        self.register_buffer("uv_base", torch.zeros(people, 2, GRID, GRID))
        self.register_buffer("uv_modes", torch.zeros(POSES, 2, GRID, GRID))
        self.register_buffer("mask_base", torch.zeros(people, 2, GRID, GRID))
        self.pose = nn.Sequential(nn.AdaptiveAvgPool2d(4), nn.Flatten(), nn.Linear(16 * wide, POSES))
        self.person = nn.Embedding(people, 2 * mid + 2 * fine)
        nn.init.normal_(self.person.weight, std=0.02)
        self.up_mid = nn.Sequential(nn.Conv2d(wide, 4 * mid, 1), nn.PixelShuffle(2))
        self.skip_mid = nn.Conv2d(mid, mid, 1)
        self.body_mid = nn.Sequential(ResBlock(mid, mid), ResBlock(mid, mid))
        self.up_fine = nn.Sequential(nn.Conv2d(mid, 4 * fine, 1), nn.PixelShuffle(2))
        self.skip_fine = nn.Conv2d(fine, fine, 1)
        self.body_fine = nn.Sequential(ResBlock(fine, fine), ResBlock(fine, fine))
        self.maps = nn.Conv2d(fine, sum(_MAPS.values()), 3, padding=1)
        self.masks = nn.Conv2d(fine, 2 * (SIDE // GRID) ** 2, 3, padding=1)
        for head in (self.maps, self.masks):
            nn.init.normal_(head.weight, std=0.002)
            nn.init.constant_(head.get_parameter("bias"), 0.0)

    def forward(
        self, tokens: Tensor, skips: tuple[Tensor, Tensor], person: Tensor, source: Tensor
    ) -> Decoded:
        """Draw ``person`` (B,) in the scene of ``source`` (B, 3, 256, 256)."""
        mid_gain, mid_bias, fine_gain, fine_bias = self._style(person, skips)
        h = (self.up_mid(tokens) + self.skip_mid(skips[1])) * (1 + mid_gain) + mid_bias
        h = self.up_fine(self.body_mid(h))
        h = self.body_fine((h + self.skip_fine(skips[0])) * (1 + fine_gain) + fine_bias)
        # bf16 has eight bits: enough for features, not for positions on a 240-pixel atlas.
        with torch.autocast(h.device.type, enabled=False):
            return self._compose(h.float(), self.pose(tokens.float()), person, source)

    def _compose(self, h: Tensor, pose: Tensor, person: Tensor, source: Tensor) -> Decoded:
        maps = dict(zip(_MAPS, self.maps(h).split(list(_MAPS.values()), dim=1), strict=True))
        uv = self.uv_base[person] + torch.einsum("bp,pcij->bcij", pose, self.uv_modes) + 0.1 * maps["uv"]
        # What is copied may be tinted over wide areas only: finer tints would paint an iris.
        for name in ("tint", "shift"):
            maps[name] = F.adaptive_avg_pool2d(maps[name], TINT_CELLS)
        full = {name: enlarge(value) for name, value in maps.items() if name != "uv"}
        cuts = F.pixel_shuffle(self.masks(h), SIDE // GRID) + enlarge(self.mask_base[person])
        copy, head = torch.sigmoid(cuts).chunk(2, dim=1)
        surface = _look_up(self.atlas[person], enlarge(uv))
        face = surface * (1 + full["gain"]) + full["glow"]
        kept = source * (1 + full["tint"]) + full["shift"]
        drawn = head * face + (1 - head) * (0.5 + full["paint"])
        return Decoded(copy * kept + (1 - copy) * drawn, uv, head, copy)

    def _style(self, person: Tensor, skips: tuple[Tensor, Tensor]) -> tuple[Tensor, ...]:
        fine, mid = (s.shape[1] for s in skips)
        return self.person(person)[:, :, None, None].split([mid, mid, fine, fine], dim=1)


def enlarge(maps: Tensor) -> Tensor:
    """Maps of any grid, bilinear, at 256 x 256."""
    return F.interpolate(maps, size=(SIDE, SIDE), mode="bilinear", align_corners=False)


def _look_up(texture: Tensor, where: Tensor) -> Tensor:
    grid = where.permute(0, 2, 3, 1)
    return F.grid_sample(texture, grid, padding_mode="border", align_corners=False)
