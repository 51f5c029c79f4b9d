"""Losses on pictures of 128 px that several methods share."""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor

from medbench.methods.networks.recogniser import FACE, INPUT_SIZE, Recogniser


def distance(a: Tensor, b: Tensor) -> Tensor:
    """L1 of the pixels and of their differences to the next pixel, which keeps edges sharp."""
    loss = (a - b).abs().mean()
    for axis in (2, 3):
        loss = loss + (a.diff(dim=axis) - b.diff(dim=axis)).abs().mean()
    return loss


def faces_of(recogniser: Recogniser, pictures: Tensor) -> Tensor:
    """Embeddings (B, 128) of pictures (B, 3, n, n) framed as the suite's; differentiable."""
    top, bottom, left, right = (edge * pictures.shape[-1] // 256 for edge in FACE)
    size = (INPUT_SIZE, INPUT_SIZE)
    crops = pictures[..., top:bottom, left:right]
    return recogniser.embed_face(F.interpolate(crops, size=size, mode="bilinear", antialias=True))
