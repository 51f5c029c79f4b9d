"""Where the eyes are, and how much of the picture around them is the patient's own."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from medbench.methods.face_window import SIDE

#: Reach of an eye and its lids around the centre, across and down (pixels). What is copied tells who
#: it is: a reach of (22, 10) doubles rank-1 over chance, and shows the signs no better.
REACH = (14.0, 6.5)
#: Positions on the atlas (range 2) within which a pixel counts as at the eye.
_NEAR = 0.02
_STEEP = 2.5
#: Pixels over which the move from one eye's place passes into the other's.
_BETWEEN = 20.0


def spots(eyes: Tensor, reach: tuple[float, float] = REACH) -> Tensor:
    """1 at the two eye centres (B, 2, 2) given as (x, y), falling to 0 around them: (B, 2, 256, 256)."""
    axis = torch.arange(SIDE, dtype=eyes.dtype, device=eyes.device) + 0.5
    x = (axis[None, None] - eyes[..., :1]) / reach[0]
    y = (axis[None, None] - eyes[..., 1:]) / reach[1]
    return torch.exp(-0.5 * (y[..., :, None] ** 2 + x[..., None, :] ** 2))


def copied(eyes: Tensor) -> Tensor:
    """The share of the patient's own eye in each pixel, for eye centres (B, 2, 2): (B, 1, 256, 256)."""
    return (_STEEP * spots(eyes).amax(1, keepdim=True)).clamp(max=1)


def centres(uv: Tensor, places: Tensor) -> Tensor:
    """Where a face shows two places of its atlas.

    Args:
        uv: positions on the atlas, (B, 2, n, n) in [-1, 1].
        places: the eyes on the atlas, (B, 2 eyes, 2).

    Returns:
        (x, y) of both eyes in pixels, (B, 2, 2).
    """
    full = F.interpolate(uv, size=(SIDE, SIDE), mode="bilinear", align_corners=False)
    apart = (full[:, None] - places[..., None, None]).square().sum(2)
    weight = torch.softmax(-apart.flatten(2) / (2 * _NEAR**2), dim=2).view_as(apart)
    axis = torch.arange(SIDE, dtype=uv.dtype, device=uv.device) + 0.5
    return torch.stack([(weight.sum(2) * axis).sum(2), (weight.sum(3) * axis).sum(2)], dim=2)


def move(own: Tensor, eyes: Tensor) -> Tensor:
    """Where to read, beside each pixel, to see at ``eyes`` the eyes that lie at ``own``, both (B, 2, 2).

    Returns:
        Pixels (x, y), (B, 2, 256, 256).
    """
    near = spots(eyes, (_BETWEEN, _BETWEEN)) + 1e-6
    return torch.einsum("beij,bec->bcij", near / near.sum(1, keepdim=True), own - eyes)
