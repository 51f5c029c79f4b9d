"""Convolutional blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch.nn.functional as F
from torch import nn

if TYPE_CHECKING:
    from torch import Tensor

GROUPS = 8


class ResBlock(nn.Module):
    """Pre-activation residual block (He 2016): [norm] SiLU conv, [norm] (scale, shift) SiLU conv, plus skip.

    Args (of the constructor):
        channels_in: Channels of the input.
        channels_out: Channels of the output; a 1x1 convolution carries the skip where they differ.
        norm: GroupNorm before each activation.
        cond: Width of a condition (B, cond) that scales and shifts the inner channels, None for none.
    """

    def __init__(
        self,
        channels_in: int,
        channels_out: int | None = None,
        *,
        norm: bool = False,
        cond: int | None = None,
    ) -> None:
        super().__init__()
        channels_out = channels_out or channels_in
        self.norm1 = nn.GroupNorm(GROUPS, channels_in) if norm else nn.Identity()
        self.conv1 = nn.Conv2d(channels_in, channels_out, 3, padding=1)
        self.norm2 = nn.GroupNorm(GROUPS, channels_out) if norm else nn.Identity()
        self.conv2 = nn.Conv2d(channels_out, channels_out, 3, padding=1)
        self.skip = nn.Conv2d(channels_in, channels_out, 1) if channels_in != channels_out else nn.Identity()
        self.film = nn.Linear(cond, 2 * channels_out) if cond else None
        nn.init.zeros_(self.conv2.weight)
        assert self.conv2.bias is not None
        nn.init.zeros_(self.conv2.bias)

    def forward(self, x: Tensor, cond: Tensor | None = None) -> Tensor:
        """Map (B, channels_in, H, W) to (B, channels_out, H, W)."""
        y = self.norm2(self.conv1(F.silu(self.norm1(x))))
        if self.film is not None:
            if cond is None:
                raise ValueError("this block was built with a condition and needs one")
            scale, shift = self.film(cond)[:, :, None, None].chunk(2, dim=1)
            y = y * (1 + scale) + shift
        return self.skip(x) + self.conv2(F.silu(y))


class Down(nn.Conv2d):
    """Halve height and width: 3x3 convolution of stride 2."""

    def __init__(self, channels_in: int, channels_out: int) -> None:
        super().__init__(channels_in, channels_out, 3, stride=2, padding=1)


class Up(nn.Module):
    """Double height and width: nearest neighbour, then a 3x3 convolution."""

    def __init__(self, channels_in: int, channels_out: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(channels_in, channels_out, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        """Map (B, channels_in, H, W) to (B, channels_out, 2H, 2W)."""
        return self.conv(F.interpolate(x, scale_factor=2, mode="nearest"))


class HalfSizeChange(nn.Sequential):
    """A change of a picture, drawn at half its size: (B, channels_in, H, W) -> (B, 3, H, W), 0 at first."""

    def __init__(self, channels_in: int, width: int) -> None:
        last = nn.Conv2d(width, 12, 3, padding=1)
        for parameter in last.parameters():
            nn.init.zeros_(parameter)
        first = nn.Conv2d(4 * channels_in, width, 3, padding=1)
        super().__init__(nn.PixelUnshuffle(2), first, ResBlock(width, width), last)

    def forward(self, pictures: Tensor) -> Tensor:
        """Draw the change."""
        return F.pixel_shuffle(super().forward(pictures), 2)
