"""Where the eyes are, and how much of the picture around them is the patient's own."""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from medbench.methods.face_region import Face, eye_points
from medbench.methods.face_window import SIDE, Window

#: Reach of an eye and its lids around the centre, across and down (pixels). What is copied tells who
#: it is: decision 6 has what a wider window gives and costs.
REACH = (16.0, 7.5)
#: Positions on the atlas (range 2) within which a pixel counts as at the eye.
_NEAR = 0.02
_STEEP = 2.5
#: Cells per side over which what is copied takes the colour around it.
CELLS = 8
#: Pixels over which the move from one eye's place passes into the other's.
_BETWEEN = 20.0


def eye_centres(face: Face, window: Window) -> Tensor:
    """Centres of both eyes (2, 2), (x, y) in the pixels of the window's 256 x 256 picture."""
    scaled = (eye_points(face.landmarks) + 0.5 - [window.left, window.top]) * (SIDE / window.side)
    return torch.from_numpy(scaled.astype(np.float32))


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


def enlarge(maps: Tensor) -> Tensor:
    """Maps of any grid, bilinear, at 256 x 256."""
    return F.interpolate(maps, size=(SIDE, SIDE), mode="bilinear", align_corners=False)


def set_in(own: Tensor, drawn: Tensor, eyes: Tensor) -> Tensor:
    """``drawn`` (B, 3, 256, 256) with the eyes of ``own`` at ``eyes`` (B, 2, 2), in the colour around them.

    The colour changes over wide areas only: a finer change would paint an iris.
    """
    before, after = (F.adaptive_avg_pool2d(picture, CELLS) for picture in (own, drawn))
    ratio = (after / before.clamp(min=0.02)).clamp(0.3, 3.0)
    keep = copied(eyes)
    return keep * (own * enlarge(ratio)).clamp(0, 1) + (1 - keep) * drawn


def own_eyes(images: Tensor, drawn: Tensor, own: Tensor, eyes: Tensor) -> Tensor:
    """``drawn`` with the eyes of ``images`` (at ``own``) set at ``eyes``, tinted to the skin around them.

    The person changes, the eyes' signs are to stay: their pixels are the patient's, at the person's
    places and in the colour around those.
    """
    return set_in(slid(images, move(own, eyes)), drawn, eyes)


def slid(images: Tensor, by: Tensor) -> Tensor:
    """Images (B, 3, 256, 256) read ``by`` (B, 2, 256, 256) pixels (x, y) beside each place."""
    axis = (torch.arange(SIDE, device=by.device, dtype=by.dtype) + 0.5) * (2 / SIDE) - 1
    there = torch.stack(torch.meshgrid(axis, axis, indexing="xy"), dim=-1) + by.permute(0, 2, 3, 1) * (
        2 / SIDE
    )
    return F.grid_sample(images, there, padding_mode="border", align_corners=False)
