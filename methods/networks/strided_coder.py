"""A plain image encoder of stride-2 stages with residual blocks, and its mirror."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from torch import Tensor, nn

from medbench.methods.networks.blocks import ResBlock


class StridedEncoder(nn.Module):
    """Image (B, 3, H, W) -> features (B, stages[-1], H/2^n, W/2^n) after n ``stages``."""

    def __init__(self, stages: Sequence[int]) -> None:
        super().__init__()
        layers: list[nn.Module] = [nn.Conv2d(3, stages[0], 7, padding=3)]
        for before, after in pairwise((stages[0], *stages)):
            layers += [nn.Conv2d(before, after, 3, stride=2, padding=1), ResBlock(after, after)]
        self.layers = nn.Sequential(*layers)

    def forward(self, images: Tensor) -> Tensor:
        """Run the stem and the stages."""
        return self.layers(images)


class StridedDecoder(nn.Module):
    """Mirror of the encoder: features (B, stages[-1], h, w) -> image (B, 3, h*2^n, w*2^n) in [-1, 1]."""

    def __init__(self, stages: Sequence[int]) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for before, after in pairwise((*stages[::-1], stages[0])):
            layers += [
                ResBlock(before, before),
                nn.Upsample(scale_factor=2),
                nn.Conv2d(before, after, 3, padding=1),
            ]
        self.layers = nn.Sequential(*layers, nn.SiLU(), nn.Conv2d(stages[0], 3, 7, padding=3), nn.Tanh())

    def forward(self, features: Tensor) -> Tensor:
        """Draw the image."""
        return self.layers(features)
