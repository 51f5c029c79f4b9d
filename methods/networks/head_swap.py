"""Takes a head out of a picture and lays another one in; what lies around them stays as it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
import torch.nn.functional as F
from torch import Tensor

if TYPE_CHECKING:
    from medbench.methods.face_window import Window

#: Pixels of 128 by which the own head is widened before it is taken out: no rim of it may stay.
_WIDER = 3


def head_swap(images: Tensor, new: Tensor, own_alpha: Tensor, window: Window) -> Tensor:
    """Lay drawn heads into pictures.

    The own head, widened by a few pixels, is filled in from its surroundings; the new head is laid
    over that. Outside of both every pixel keeps its value, bit for bit.

    Args:
        images: (B, 3, H, W) in [0, 1].
        new: Heads (B, 4, n, n): RGB and share, as ``StylePrior.draw`` gives them.
        own_alpha: (B, 1, n, n), the share of the head that is to go.
        window: The square of the pictures that ``new`` and ``own_alpha`` stand for.
    """
    top, left, side = window
    inside = (slice(None), slice(None), slice(top, top + side), slice(left, left + side))
    native = images[inside]
    gone = F.max_pool2d(own_alpha, 2 * _WIDER + 1, stride=1, padding=_WIDER)
    gone = (F.avg_pool2d(gone, 3, stride=1, padding=1, count_include_pad=False) * 4).clamp(0, 1)
    size = (side, side)
    hole = F.interpolate(gone, size=size, mode="bilinear", align_corners=False)
    filled = torch.where(hole > 0, native.lerp(fill(native, 1 - hole), hole), native)
    layer = F.interpolate(new.float(), size=size, mode="bicubic", align_corners=False).clamp(0, 1)
    share = layer[:, 3:]
    out = images.clone()
    out[inside] = torch.where(share > 0.004, filled.lerp(layer[:, :3].to(filled), share.to(filled)), filled)
    return out


def fill(images: Tensor, known: Tensor) -> Tensor:
    """Fill what is not ``known`` (B, 1, h, w) of images (B, C, h, w) from coarser and coarser averages.

    Pull-push (Gortler et al. 1996): each level averages its known pixels, and unknown ones take
    their value from the level above.
    """
    if min(images.shape[-2:]) < 2:
        return images
    weight = F.avg_pool2d(known, 2, ceil_mode=True)
    mean = F.avg_pool2d(images * known, 2, ceil_mode=True) / weight.clamp(min=1e-6)
    coarser = fill(mean, (2 * weight).clamp(max=1))
    above = F.interpolate(coarser, size=images.shape[-2:], mode="bilinear", align_corners=False)
    return above.lerp(images, known)
