"""Random changes of eye crops that keep the signs: light, colour, blur, noise, JPEG."""

from __future__ import annotations

import cv2
import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

BLURRED, NOISY, COMPRESSED = 0.2, 0.2, 0.12


def changed(crops: Tensor) -> Tensor:
    """Return changed paired crops (B, 2, 3, H, W) in [0, 1]; both eyes of a face change alike.

    Draws from torch's random state. A classifier that has seen these is not thrown by the
    softness and the colour casts of faces that a network has drawn.
    """
    return _compressed(_noisy(_blurred(_coloured(crops))).clamp(0, 1))


def _draw(crops: Tensor, *shape: int) -> Tensor:
    return torch.rand((len(crops), 1, *shape), device=crops.device)


def _coloured(crops: Tensor) -> Tensor:
    gain = 1 + 0.3 * (_draw(crops, 1, 1, 1) - 0.5) + 0.12 * (_draw(crops, 3, 1, 1) - 0.5)
    contrast = 1 + 0.4 * (_draw(crops, 1, 1, 1) - 0.5)
    mean = crops.mean(dim=(1, 2, 3, 4), keepdim=True)
    return ((crops - mean) * contrast + mean) * gain


def _blurred(crops: Tensor) -> Tensor:
    height, width = crops.shape[-2:]
    share = 0.6 + 0.35 * torch.rand(()).item()
    flat = crops.flatten(0, 1)
    small = F.interpolate(
        flat,
        size=(int(height * share), int(width * share)),
        mode="bilinear",
        antialias=True,
        align_corners=False,
    )
    soft = F.interpolate(small, size=(height, width), mode="bilinear", align_corners=False).view_as(crops)
    return torch.where(_draw(crops, 1, 1, 1) < BLURRED, soft, crops)


def _noisy(crops: Tensor) -> Tensor:
    strength = 0.03 * _draw(crops, 1, 1, 1) * (_draw(crops, 1, 1, 1) < NOISY)
    return crops + strength * torch.randn_like(crops)


def _compressed(crops: Tensor) -> Tensor:
    chosen = torch.rand(len(crops)) < COMPRESSED
    qualities = torch.randint(40, 95, (len(crops),))
    for row in torch.nonzero(chosen).flatten().tolist():
        for eye in range(crops.shape[1]):
            picture = (crops[row, eye].permute(1, 2, 0).cpu().numpy() * 255).round().astype(np.uint8)
            _, data = cv2.imencode(
                ".jpg", picture[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, int(qualities[row])]
            )
            decoded = np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.float32)[..., ::-1] / 255
            crops[row, eye] = torch.from_numpy(decoded.copy()).permute(2, 0, 1).to(crops.device)
    return crops
