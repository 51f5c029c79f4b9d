"""A small U-Net that marks the tumour in an eye crop."""

from __future__ import annotations

from itertools import pairwise

import torch
import torch.nn.functional as F
from torch import Tensor, nn

_WIDTHS = (16, 32, 64, 96)


class TumourNetwork(nn.Module):
    """Logits (N, H, W) of tumour from eye crops (N, 3, H, W) in [0, 1]; H and W are multiples of 8.

    Going up, what was seen deeper is added to what was seen before, at that level's width: at a
    third of the cost of putting both side by side. ``threshold`` is the least probability that
    counts as tumour, chosen on the select split.
    """

    threshold: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.stem = _layer(3, _WIDTHS[0])
        steps = list(pairwise(_WIDTHS))
        self.down = nn.ModuleList(
            nn.Sequential(_layer(before, width, stride=2), _layer(width, width)) for before, width in steps
        )
        self.narrow = nn.ModuleList(nn.Conv2d(width, before, 1) for before, width in steps)
        self.up = nn.ModuleList(_layer(before, before) for before, _ in steps)
        self.out = nn.Conv2d(_WIDTHS[0], 1, 1)
        assert self.out.bias is not None
        # Tumours are a hundredth of the pixels; starting there spares the first steps.
        nn.init.constant_(self.out.bias, -4.0)
        self.register_buffer("threshold", torch.tensor(0.5))

    def forward(self, eyes: Tensor) -> Tensor:
        """See the class."""
        x = self.stem(eyes.contiguous(memory_format=torch.channels_last) * 4 - 2)
        passed = []
        for step in self.down:
            passed.append(x)
            x = step(x)
        for level in reversed(range(len(self.up))):
            deeper = F.interpolate(
                self.narrow[level](x), scale_factor=2.0, mode="bilinear", align_corners=False
            )
            x = self.up[level](passed[level] + deeper)
        logits: Tensor = self.out(x)[:, 0]
        return logits


def _layer(before: int, width: int, stride: int = 1) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(before, width, 3, stride, 1, bias=False), nn.BatchNorm2d(width), nn.ReLU(inplace=True)
    )
