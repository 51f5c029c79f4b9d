"""One size for pictures whose distance depends on theirs."""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor

SHORTER = 256


def at_common_size(images: Tensor, shorter: int = SHORTER) -> Tensor:
    """Images (B, 3, H, W) with the shorter side at 256 px (bilinear, smoothed where it shrinks)."""
    height, width = images.shape[2:]
    if min(height, width) == shorter:
        return images
    factor = shorter / min(height, width)
    size = (max(shorter, round(height * factor)), max(shorter, round(width * factor)))
    return F.interpolate(images, size=size, mode="bilinear", antialias=True).clamp(0, 1)
