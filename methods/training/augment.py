"""Random changes of faces that keep the person: pose in the plane, colour, blur, noise."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor

_TURN = math.radians(6)
_ZOOM = 0.08
_SHIFT = 0.06


def augment_faces(faces: Tensor) -> Tensor:
    """Return changed faces (B, 3, S, S) in [0, 1]; draws from torch's random state.

    Each is turned up to 6 degrees, zoomed up to 8 %, shifted up to 3 % of its side, its light,
    contrast and channels changed by up to 20 %; a third each are blurred and given noise.
    """
    return _noisy(_blurred(_coloured(_moved(faces)))).clamp(0, 1)


def _uniform(faces: Tensor, *shape: int) -> Tensor:
    return torch.rand((len(faces), *shape), device=faces.device) * 2 - 1


def _moved(faces: Tensor) -> Tensor:
    turn, zoom = _uniform(faces) * _TURN, 1 + _uniform(faces) * _ZOOM
    shift = _uniform(faces, 2) * _SHIFT
    cos, sin = turn.cos() * zoom, turn.sin() * zoom
    rows = [torch.stack([cos, -sin, shift[:, 0]], dim=1), torch.stack([sin, cos, shift[:, 1]], dim=1)]
    grid = F.affine_grid(torch.stack(rows, dim=1), list(faces.shape), align_corners=False)
    return F.grid_sample(faces, grid, padding_mode="border", align_corners=False)


def _coloured(faces: Tensor) -> Tensor:
    gain = 1 + 0.15 * _uniform(faces, 1, 1, 1) + 0.05 * _uniform(faces, 3, 1, 1)
    contrast = 1 + 0.2 * _uniform(faces, 1, 1, 1)
    mean = faces.mean(dim=(1, 2, 3), keepdim=True)
    return ((faces - mean) * contrast + mean) * gain


def _blurred(faces: Tensor) -> Tensor:
    side = faces.shape[-1]
    small = int(side * (0.35 + 0.5 * torch.rand(()).item()))
    soft = F.interpolate(faces, size=(small, small), mode="bilinear", antialias=True, align_corners=False)
    soft = F.interpolate(soft, size=(side, side), mode="bilinear", align_corners=False)
    return torch.where(_uniform(faces, 1, 1, 1) < -1 / 3, soft, faces)


def _noisy(faces: Tensor) -> Tensor:
    strength = 0.05 * (_uniform(faces, 1, 1, 1) - 1 / 3).clamp(min=0)
    return faces + strength * torch.randn_like(faces)
