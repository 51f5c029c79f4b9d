"""An image decoder: a virtual person's head, posed, lit and set into the scene.

Plain convolutions trained for an hour on two cores blur, and a blur over a face is not another
face. So this decoder predicts smooth maps only (where on the person's surface each pixel lies, how
far it is from the head's outline, what of the input is kept) and the light, and takes its sharpness
from the person's charts, from the outline and from the input.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from medbench.methods.eye_window import centres, move, set_in, slid
from medbench.methods.face_window import SIDE
from medbench.methods.networks.blocks import ResBlock
from medbench.methods.networks.fill import fill
from medbench.methods.virtual_heads.shading import PATTERNS, START, SURFACE, lit

GRID = 64
#: Height and width of the charts.
CHARTS = (208, 240)
_MAPS = {"uv": 2, "outline": 1, "keep": 1, "gain": 3, "paint": 3}
#: Principal ways in which the positions on the head move from picture to picture (pose, size, place).
POSES = 24
#: Pixels that are 1 in an outline map (positive inside the head), and pixels over which its edge is drawn.
OUTLINE_UNIT = 64.0
_EDGE = 0.8
#: Cells over which gain and paint are averaged: finer ones could draw patterns.
_SMOOTH = 4
#: How much steeper than its map the border of what is kept is.
KEEP_STEEP = 4.0


class Maps(NamedTuple):
    """What the network predicts.

    ``uv`` (B, 2, 64, 64) in [-1, 1] on the charts; ``outline`` (B, 1, 64, 64), OUTLINE_UNIT pixels;
    ``keep`` (B, 1, 64, 64), logits; ``gain`` and ``paint`` (B, 3, 64, 64); ``light`` (B, 3, PATTERNS).
    """

    uv: Tensor
    outline: Tensor
    keep: Tensor
    gain: Tensor
    paint: Tensor
    light: Tensor


class HeadDecoder(nn.Module):
    """Tokens (B, width, 16, 16) + skips + person -> :class:`Maps` -> a picture."""

    uv_base: Tensor
    uv_modes: Tensor
    outline_base: Tensor
    outline_modes: Tensor
    keep_base: Tensor
    eye_places: Tensor
    albedo: Tensor
    surface: Tensor

    def __init__(self, widths: tuple[int, int, int], people: int, charts: tuple[int, int] = CHARTS) -> None:
        super().__init__()
        fine, mid, wide = widths
        self.register_buffer("albedo", torch.full((people, 3, *charts), 0.5))
        half = (charts[0] // 2, charts[1] // 2)
        self.register_buffer("surface", torch.ones(people, SURFACE, *half))
        self.register_buffer("uv_base", torch.zeros(people, 2, GRID, GRID))
        self.register_buffer("uv_modes", torch.zeros(POSES, 2, GRID, GRID))
        self.register_buffer("outline_base", torch.zeros(people, 1, GRID, GRID))
        self.register_buffer("outline_modes", torch.zeros(POSES, 1, GRID, GRID))
        self.register_buffer("keep_base", torch.zeros(people, 1, GRID, GRID))
        self.register_buffer("eye_places", torch.zeros(people, 2, 2))
        # One linear layer: with a hidden one the pose stayed undiscovered for the first 400 steps.
        self.overall = nn.Sequential(nn.AdaptiveAvgPool2d(4), nn.Flatten())
        self.pose = nn.Linear(16 * wide, POSES)
        self.light = nn.Linear(16 * wide, 3 * PATTERNS)
        self.person = nn.Embedding(people, 2 * mid + 2 * fine)
        nn.init.normal_(self.person.weight, std=0.02)
        self.up_mid = nn.Sequential(nn.Conv2d(wide, 4 * mid, 1), nn.PixelShuffle(2))
        self.skip_mid = nn.Conv2d(mid, mid, 1)
        self.body_mid = nn.Sequential(ResBlock(mid, mid), ResBlock(mid, mid))
        self.up_fine = nn.Sequential(nn.Conv2d(mid, 4 * fine, 1), nn.PixelShuffle(2))
        self.skip_fine = nn.Conv2d(fine, fine, 1)
        self.body_fine = nn.Sequential(ResBlock(fine, fine), ResBlock(fine, fine))
        self.heads = nn.Conv2d(fine, sum(_MAPS.values()), 3, padding=1)
        nn.init.normal_(self.heads.weight, std=0.002)
        nn.init.constant_(self.heads.get_parameter("bias"), 0.0)
        nn.init.normal_(self.light.weight, std=0.0005)
        with torch.no_grad():
            self.light.bias.copy_(torch.tensor(START).repeat(3))

    def forward(self, tokens: Tensor, skips: tuple[Tensor, Tensor], person: Tensor) -> Maps:
        """Predict the maps of ``person`` (B,) in the scene that the tokens and skips saw."""
        mid_gain, mid_bias, fine_gain, fine_bias = self._style(person, skips)
        h = (self.up_mid(tokens) + self.skip_mid(skips[1])) * (1 + mid_gain) + mid_bias
        h = self.up_fine(self.body_mid(h))
        h = self.body_fine((h + self.skip_fine(skips[0])) * (1 + fine_gain) + fine_bias)
        # bf16 has eight bits: enough for features, not for positions on a 240-pixel chart.
        with torch.autocast(h.device.type, enabled=False):
            overall = self.overall(tokens.float())
            maps = dict(zip(_MAPS, self.heads(h.float()).split(list(_MAPS.values()), dim=1), strict=True))
            pose = self.pose(overall)
            return Maps(
                uv=self.uv_base[person] + _posed(pose, self.uv_modes) + 0.1 * maps["uv"],
                outline=self.outline_base[person] + _posed(pose, self.outline_modes) + 0.1 * maps["outline"],
                keep=self.keep_base[person] + maps["keep"],
                gain=_smooth(maps["gain"]),
                paint=_smooth(maps["paint"]),
                light=self.light(overall).unflatten(1, (3, PATTERNS)),
            )

    def draw(self, maps: Maps, person: Tensor, source: Tensor) -> Tensor:
        """The person's head in the scene of ``source`` (B, 3, n, n), of which some is kept."""
        side = source.shape[-1]
        uv = _to(maps.uv, side)
        shrink = SIDE // side
        albedo = _look_up(F.avg_pool2d(self.albedo[person], shrink), uv)
        surface = _look_up(F.avg_pool2d(self.surface[person], max(shrink // 2, 1)), uv)
        face = lit(albedo, surface, maps.light, _to(maps.gain, side))
        # A steep edge at the predicted distance: an outline may be wrong by a pixel, never soft.
        head = torch.sigmoid(_to(maps.outline, side) * (OUTLINE_UNIT / _EDGE / shrink))
        # What is not kept must be nothing at all: the fill would bring a trace of it back.
        keep = (torch.sigmoid(KEEP_STEEP * _to(maps.keep, side)) * 1.2 - 0.1).clamp(0, 1)
        around = fill(source, keep) + 0.1 * _to(maps.paint, side)
        return keep * source + (1 - keep) * (head * face + (1 - head) * around)

    def picture(self, maps: Maps, person: Tensor, source: Tensor, own: Tensor | None = None) -> Tensor:
        """:meth:`draw` with the eyes of ``source`` (B, 3, 256, 256) set in.

        They are read at ``own`` (B, 2, 2), or without it where the person's will be.
        """
        eyes = centres(maps.uv, self.eye_places[person])
        read = source if own is None else slid(source, move(own, eyes))
        return set_in(read, self.draw(maps, person, source), eyes)

    def _style(self, person: Tensor, skips: tuple[Tensor, Tensor]) -> tuple[Tensor, ...]:
        fine, mid = (s.shape[1] for s in skips)
        return self.person(person)[:, :, None, None].split([mid, mid, fine, fine], dim=1)


def _smooth(maps: Tensor) -> Tensor:
    return F.avg_pool2d(maps, _SMOOTH)


def _to(maps: Tensor, side: int) -> Tensor:
    if maps.shape[-1] == side:
        return maps
    return F.interpolate(maps, size=(side, side), mode="bilinear", align_corners=False)


def _posed(pose: Tensor, modes: Tensor) -> Tensor:
    return torch.einsum("bp,pcij->bcij", pose, modes)


def _look_up(chart: Tensor, where: Tensor) -> Tensor:
    grid = where.permute(0, 2, 3, 1)
    return F.grid_sample(chart, grid, padding_mode="border", align_corners=False)
