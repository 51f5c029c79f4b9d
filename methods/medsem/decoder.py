"""The mini preset's image decoder: a learned atlas per virtual person, posed, lit and cut in.

Plain convolutions trained for an hour on two cores blur, and a blur over a face is not another
face. So this decoder predicts smooth maps only (where on the person's surface each pixel lies, how
far it is from the head's outline, how it is lit, what of the input is copied, and from where) and
takes its sharpness from the atlas, from the outline and from the input.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from medbench.methods.eye_window import centres, enlarge, move, set_in, slid
from medbench.methods.face_window import SIDE
from medbench.methods.networks.blocks import ResBlock

GRID = 64
_MAPS = {"uv": 2, "outline": 1, "gain": 3, "glow": 3, "paint": 3}
#: Principal ways in which the positions on the head move from picture to picture (pose, size, place).
POSES = 24
#: Pixels that are 1 in an outline map (positive inside the head), and pixels over which its edge is drawn.
OUTLINE_UNIT = 64.0
_EDGE = 0.8


class Decoded(NamedTuple):
    """``picture`` (B, 3, 256, 256) and the maps that made it.

    ``uv`` (B, 2, 64, 64) in [-1, 1] on the atlas; ``outline`` (B, 1, 64, 64), OUTLINE_UNIT pixels;
    """

    picture: Tensor
    uv: Tensor
    outline: Tensor


class WarpDecoder(nn.Module):
    """Tokens (B, width, 16, 16) + skips + person -> :class:`Decoded`."""

    uv_base: Tensor
    uv_modes: Tensor
    outline_base: Tensor
    outline_modes: Tensor
    mask_base: Tensor
    eye_places: Tensor

    def __init__(self, widths: tuple[int, int, int], people: int, atlas: tuple[int, int]) -> None:
        super().__init__()
        fine, mid, wide = widths
        self.atlas = nn.Parameter(torch.full((people, 3, *atlas), 0.5))
        self.register_buffer("uv_base", torch.zeros(people, 2, GRID, GRID))
        self.register_buffer("uv_modes", torch.zeros(POSES, 2, GRID, GRID))
        self.register_buffer("outline_base", torch.zeros(people, 1, GRID, GRID))
        self.register_buffer("outline_modes", torch.zeros(POSES, 1, GRID, GRID))
        self.register_buffer("mask_base", torch.zeros(people, 1, GRID, GRID))
        self.register_buffer("eye_places", torch.zeros(people, 2, 2))
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
        self.masks = nn.Conv2d(fine, (SIDE // GRID) ** 2, 3, padding=1)
        for head in (self.maps, self.masks):
            nn.init.normal_(head.weight, std=0.002)
            nn.init.constant_(head.get_parameter("bias"), 0.0)

    def forward(
        self,
        tokens: Tensor,
        skips: tuple[Tensor, Tensor],
        person: Tensor,
        source: Tensor,
        own: Tensor | None = None,
    ) -> Decoded:
        """Draw ``person`` (B,) in the scene of ``source`` (B, 3, 256, 256).

        The eyes of ``source`` are read at ``own`` (B, 2, 2), or without it where the person's will be.
        """
        mid_gain, mid_bias, fine_gain, fine_bias = self._style(person, skips)
        h = (self.up_mid(tokens) + self.skip_mid(skips[1])) * (1 + mid_gain) + mid_bias
        h = self.up_fine(self.body_mid(h))
        h = self.body_fine((h + self.skip_fine(skips[0])) * (1 + fine_gain) + fine_bias)
        # bf16 has eight bits: enough for features, not for positions on a 240-pixel atlas.
        with torch.autocast(h.device.type, enabled=False):
            return self._compose(h.float(), self.pose(tokens.float()), person, source, own)

    def _compose(
        self, h: Tensor, pose: Tensor, person: Tensor, source: Tensor, own: Tensor | None
    ) -> Decoded:
        maps = dict(zip(_MAPS, self.maps(h).split(list(_MAPS.values()), dim=1), strict=True))
        uv = self.uv_base[person] + _posed(pose, self.uv_modes) + 0.1 * maps["uv"]
        outline = self.outline_base[person] + _posed(pose, self.outline_modes) + 0.1 * maps["outline"]
        full = {name: enlarge(maps[name]) for name in ("gain", "glow", "paint")}
        cut = F.pixel_shuffle(self.masks(h), SIDE // GRID) + enlarge(self.mask_base[person])
        scene = torch.sigmoid(cut)
        # A steep edge at the predicted distance: an outline may be wrong by a pixel, never soft.
        head = torch.sigmoid(enlarge(outline) * (OUTLINE_UNIT / _EDGE))
        face = _look_up(self.atlas[person], enlarge(uv)) * (1 + full["gain"]) + full["glow"]
        around = scene * source + (1 - scene) * (0.5 + full["paint"])
        drawn = head * face + (1 - head) * around
        eyes = centres(uv, self.eye_places[person])
        read = source if own is None else slid(source, move(own, eyes))
        return Decoded(set_in(read, drawn, eyes), uv, outline)

    def _style(self, person: Tensor, skips: tuple[Tensor, Tensor]) -> tuple[Tensor, ...]:
        fine, mid = (s.shape[1] for s in skips)
        return self.person(person)[:, :, None, None].split([mid, mid, fine, fine], dim=1)


def _posed(pose: Tensor, modes: Tensor) -> Tensor:
    return torch.einsum("bp,pcij->bcij", pose, modes)


def _look_up(texture: Tensor, where: Tensor) -> Tensor:
    grid = where.permute(0, 2, 3, 1)
    return F.grid_sample(texture, grid, padding_mode="border", align_corners=False)
