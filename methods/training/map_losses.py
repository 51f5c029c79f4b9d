"""Losses of the decoder's maps: what the renderer knows of them."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from medbench.methods.eye_window import copied
from medbench.methods.training.head_scenes import Scenes
from medbench.methods.virtual_heads.decoder import GRID, KEEP_STEEP, HeadDecoder, Maps

#: Difference below which two cells show the same.
_SAME = 0.05


def small_losses(decoder: HeadDecoder, maps: Maps, scenes: Scenes) -> dict[str, Tensor]:
    """The maps alone, on the small grid: where the head lies, how it is lit, what is kept; ``total``."""
    shrink = scenes.images.shape[-1] // GRID
    small, wanted = (F.avg_pool2d(picture, shrink) for picture in (scenes.images, scenes.wanted))
    drawn = decoder.draw(maps, scenes.person, small)
    beside = 1 - F.avg_pool2d(copied(scenes.eyes), shrink)
    out = {"wanted": ((drawn - wanted).abs() * beside).mean(), **map_losses(maps, scenes)}
    out["total"] = torch.stack(list(out.values())).sum()
    return out


def map_losses(maps: Maps, scenes: Scenes) -> dict[str, Tensor]:
    """Distances of positions, outline and kept share from the rendered ones."""
    inside = (scenes.head > 0.9) & scenes.uv.isfinite().all(1, keepdim=True)
    known = torch.where(inside, scenes.uv, maps.uv.detach())
    kept = same_there(scenes.images, scenes.wanted)
    return {
        "uv": 4 * (maps.uv - known).abs().mean(),
        "outline": 4 * (maps.outline - scenes.outline).abs().mean(),
        "keep": 0.1 * F.binary_cross_entropy_with_logits(KEEP_STEEP * maps.keep, kept),
    }


def same_there(images: Tensor, wanted: Tensor) -> Tensor:
    """1 in cells (B, 1, 64, 64) where both pictures agree, and beside which they do not differ widely."""
    apart = F.avg_pool2d((images - wanted).abs().mean(1, keepdim=True), images.shape[-1] // GRID)
    beside = F.max_pool2d(apart, 3, stride=1, padding=1)
    return ((apart < _SAME) & (beside < 3 * _SAME)).float()
