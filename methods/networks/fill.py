"""Fill what is taken out of a picture with what surrounds it."""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor

_EPS = 0.02


def fill(images: Tensor, keep: Tensor) -> Tensor:
    """Pull-push: each hole takes the average of the nearest kept pixels, smoothly.

    Args:
        images: (B, C, H, W).
        keep: share of each pixel that is kept, (B, 1, H, W) in [0, 1].

    Returns:
        (B, C, H, W), everywhere defined; near ``images`` where they are kept.
    """
    return _filled(images * keep, keep)


def _filled(total: Tensor, share: Tensor) -> Tensor:
    if min(total.shape[-2:]) < 2:
        return total / share.clamp(min=_EPS)
    coarse = _filled(F.avg_pool2d(total, 2, ceil_mode=True), F.avg_pool2d(share, 2, ceil_mode=True))
    wider = F.interpolate(coarse, size=total.shape[-2:], mode="bilinear", align_corners=False)
    return (total + _EPS * wider) / (share + _EPS)
