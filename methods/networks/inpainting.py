"""The inpainting generator of DeepPrivacy, DeepPrivacy2 and CIAGAN at a size for two CPU cores.

A U-Net sees the picture around the hole, guide maps (keypoints, drawn landmarks or a drawn map of
the face's parts) and each pixel's place on the average face; a code says which face to draw. What
stood in the hole never enters. The code's first word is a linear model: a face on the average
face's coordinates, laid into the picture through the landmarks. The U-Net lights, colours and
corrects it.
"""

from __future__ import annotations

from functools import partial

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from medbench.methods.face_hole import SIDE
from medbench.methods.networks.blocks import Down, ResBlock
from medbench.methods.networks.face_frame import PLACE, on_face, places, resized
from medbench.methods.networks.style_blocks import StyledConv

#: Numbers of a noise that picks a face, and of the style that it becomes.
NOISE, STYLE = 64, 64
_FINE, _MID, _DEEP = 40, 64, 96
_PATCH = 4
#: A pixel is seen where less than this of it is hole; and light enough not to divide by zero.
_SEEN, _LITTLE = 1e-3, 1e-4


class Inpainter(nn.Module):
    """Generator: context (B, 4, 128, 128), guide, grid and code -> picture (B, 3, 128, 128).

    Args (of the constructor):
        points: Landmarks that the grid is made from; ``frame`` (points, 2) is the average face's.
        guide: Channels of the guide maps.
        code: Numbers of the code.
        canvas: Pixels per side of the linear model's directions.
        modulated: StyleGAN2's modulated convolutions in the decoder, else scale and shift.
        mapping: Layers of the mapping network from code to style.
    """

    frame: Tensor

    def __init__(
        self, points: int, guide: int, code: int, canvas: int, *, modulated: bool = False, mapping: int = 1
    ) -> None:
        super().__init__()
        self.register_buffer("frame", torch.zeros(points, 2))
        self.mean = nn.Parameter(torch.full((3, SIDE, SIDE), 0.5))
        self.basis = nn.Parameter(torch.zeros(code, 3, canvas, canvas))
        #: Where on the average face's coordinates the neck is: logits, below the chin to begin with.
        self.neck = nn.Parameter(torch.zeros(1, 1, 32, 32))
        layers: list[nn.Module] = [nn.Linear(code, STYLE)]
        for _ in range(mapping - 1):
            layers += [nn.LeakyReLU(0.2), nn.Linear(STYLE, STYLE)]
        self.mapping = nn.Sequential(*layers)
        beside = PLACE + guide
        self.stem = nn.Conv2d(_PATCH**2 * 7 + beside, _FINE, 1)
        self.body32 = ResBlock(_FINE, norm=True)
        self.body16 = nn.Sequential(Down(_FINE, _MID), ResBlock(_MID, norm=True))
        self.body8 = nn.Sequential(Down(_MID, _DEEP), ResBlock(_DEEP, norm=True))
        self.overall = nn.Linear(_DEEP, STYLE)
        block = _Modulated if modulated else partial(ResBlock, norm=True, cond=STYLE)
        self.deep = nn.Conv2d(_DEEP + STYLE + beside, _DEEP, 1)
        self.deep_block = block(_DEEP)
        self.join16 = nn.Conv2d(_DEEP + _MID + beside, _MID, 1)
        self.block16 = block(_MID)
        self.join32 = nn.Conv2d(_MID + _FINE + beside, _FINE, 1)
        self.block32 = block(_FINE)
        self.last = nn.Conv2d(_FINE, 4 * 6, 3, padding=1)
        for parameter in self.last.parameters():
            nn.init.zeros_(parameter)

    def forward(self, context: Tensor, guide: Tensor, grid: Tensor, code: Tensor) -> Tensor:
        """Return the drawn square, about [0, 1]; ``grid`` is (B, 2, 32, 32), see ``face_grid``."""

        def beside(side: int) -> Tensor:
            return torch.cat([places(grid, side), resized(guide, side)], dim=1)

        face = self._tinted(on_face(self.look(code), grid, SIDE), context, grid)
        seen = F.pixel_unshuffle(torch.cat([context, face], dim=1) - 0.5, _PATCH)
        at32 = self.body32(self.stem(torch.cat([seen, beside(32)], dim=1)))
        at16 = self.body16(at32)
        at8 = self.body8(at16)
        # What is seen as a whole steers too, beside who is asked for (Zhao et al. 2021, co-modulation).
        style = self.mapping(code) + self.overall(at8.mean((2, 3)))
        tiled = style[:, :, None, None].expand(-1, -1, 8, 8)
        x = self.deep_block(self.deep(torch.cat([at8, tiled, beside(8)], dim=1)), style)
        x = self.block16(self.join16(torch.cat([_twice(x), at16, beside(16)], dim=1)), style)
        x = self.block32(self.join32(torch.cat([_twice(x), at32, beside(32)], dim=1)), style)
        gain, glow = resized(F.pixel_shuffle(self.last(F.silu(x)), 2), SIDE).chunk(2, dim=1)
        return face * (1 + gain) + glow

    def _tinted(self, face: Tensor, context: Tensor, grid: Tensor) -> Tensor:
        """The linear model's face with its neck in the colour of the neck that is seen below the hole."""
        where = on_face(self.neck.exp().expand(len(face), -1, -1, -1), grid, SIDE)
        where = where * (context[:, 3:] < _SEEN)
        there, here = ((where * rgb).sum((2, 3)) + _LITTLE for rgb in (context[:, :3], face))
        return face * (there / here).clamp(0.1, 2.5)[:, :, None, None]

    def look(self, code: Tensor) -> Tensor:
        """The linear model's faces on the average face's coordinates, (B, 3, 128, 128)."""
        change = torch.einsum("bk,kchw->bchw", code, self.basis)
        return self.mean + resized(change, SIDE)


class _Modulated(nn.Module):
    """Two of StyleGAN2's convolutions on a residual."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv1 = StyledConv(channels, channels, STYLE)
        self.conv2 = StyledConv(channels, channels, STYLE)

    def forward(self, x: Tensor, style: Tensor) -> Tensor:
        return (x + self.conv2(self.conv1(x, style), style)) * 2**-0.5


def _twice(x: Tensor) -> Tensor:
    return F.interpolate(x, scale_factor=2, mode="bilinear", align_corners=False)
