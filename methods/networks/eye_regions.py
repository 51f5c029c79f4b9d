"""The eyes' pictures, cut out of a face on the grid of the sign map, and laid back on it."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from medbench.methods.eye_window import CELLS
from medbench.methods.face_window import SIDE
from medbench.methods.networks.sign_detector import EYE, REGION

#: Regions per side of a face.
REGIONS = SIDE // REGION
_STEEP = 2.0


def corners(eyes: Tensor) -> Tensor:
    """First region (row, column) of the eyes at ``eyes`` (B, 2, 2), (x, y) in pixels: (B, 2, 2) int64."""
    half = eyes.new_tensor([EYE[0] / 2, EYE[1] / 2])
    last = eyes.new_tensor([REGIONS - EYE[0] // REGION, REGIONS - EYE[1] // REGION])
    first = ((eyes.flip(-1) - half) / REGION).round()
    return first.clamp(min=torch.zeros_like(last), max=last).long()


def cut(faces: Tensor, at: Tensor) -> Tensor:
    """Both eyes of faces (B, 3, 256, 256), outer corners on the left: (B, 2, 3, 48, 64)."""
    out = []
    for face, places in zip(faces, at.tolist(), strict=True):
        (r0, c0), (r1, c1) = ((REGION * row, REGION * col) for row, col in places)
        left = face[:, r0 : r0 + EYE[0], c0 : c0 + EYE[1]]
        right = face[:, r1 : r1 + EYE[0], c1 : c1 + EYE[1]].flip(-1)
        out.append(torch.stack([left, right]))
    return torch.stack(out)


def laid(maps: Tensor, at: Tensor) -> Tensor:
    """Maps of both eyes (B, 2, C, 12, 16) on the face's grid, 0 elsewhere: (B, C, 64, 64)."""
    grid = maps.new_zeros(len(maps), maps.shape[2], REGIONS, REGIONS)
    tall, wide = maps.shape[-2:]
    for canvas, pair, places in zip(grid, maps, at.tolist(), strict=True):
        for eye, (row, col) in enumerate(places):
            part = canvas[:, row : row + tall, col : col + wide]
            # In a profile the two eyes' pictures overlap; there the stronger response stays.
            part.copy_(torch.maximum(part, pair[eye].flip(-1) if eye else pair[eye]))
    return grid


def substitute(own: Tensor, drawn: Tensor, regions: Tensor) -> Tensor:
    """``drawn`` with the pixels of ``own`` in the sign regions (B, 1, 64, 64), tinted to what is around.

    The tint changes over wide areas only: a finer one would paint over the sign.
    """
    before, after = (F.adaptive_avg_pool2d(picture, CELLS) for picture in (own, drawn))
    tinted = own * _as_large((after / before.clamp(min=0.02)).clamp(0.3, 3.0), own)
    share = (_STEEP * _as_large(regions, own)).clamp(max=1)
    return (share * tinted.clamp(0, 1) + (1 - share) * drawn).clamp(0, 1)


def _as_large(maps: Tensor, picture: Tensor) -> Tensor:
    return F.interpolate(maps, size=picture.shape[-2:], mode="bilinear", align_corners=False)
