"""Losses on pictures that several methods share."""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor

from medbench.methods.networks.recogniser import FACE, INPUT_SIZE, Recogniser


def distance(a: Tensor, b: Tensor, weights: Tensor | None = None) -> Tensor:
    """L1 of the pixels and of their differences to the next pixel, which keeps edges sharp.

    ``weights`` (B, 1, H, W), where given, say how much each pixel counts.
    """
    loss = _mean((a - b).abs(), weights)
    for axis in (2, 3):
        later = None if weights is None else weights.narrow(axis, 1, weights.shape[axis] - 1)
        loss = loss + _mean((a.diff(dim=axis) - b.diff(dim=axis)).abs(), later)
    return loss


def _mean(values: Tensor, weights: Tensor | None) -> Tensor:
    return values.mean() if weights is None else (values * weights).mean()


def faces_of(recogniser: Recogniser, pictures: Tensor) -> Tensor:
    """Embeddings (B, 128) of pictures (B, 3, n, n) framed as the suite's; differentiable."""
    top, bottom, left, right = (edge * pictures.shape[-1] // 256 for edge in FACE)
    size = (INPUT_SIZE, INPUT_SIZE)
    crops = pictures[..., top:bottom, left:right]
    return recogniser.embed_face(F.interpolate(crops, size=size, mode="bilinear", antialias=True))
