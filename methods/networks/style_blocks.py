"""The blocks of the style prior: a convolution steered by a style, and a constant that follows a pose."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

_SLOPE = 0.2


class StyledConv(nn.Module):
    """3x3 convolution whose inputs a style scales, brought back to unit size (StyleGAN2), plus a shift.

    Args (of the constructor):
        channels_in: Channels of the input.
        channels_out: Channels of the output.
        style: Width of a style.
    """

    def __init__(self, channels_in: int, channels_out: int, style: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(channels_in, channels_out, 3, padding=1, bias=False)
        self.scale = nn.Linear(style, channels_in)
        self.shift = nn.Linear(style, channels_out)
        nn.init.normal_(self.conv.weight, std=(channels_in * 9) ** -0.5)
        nn.init.ones_(self.scale.bias)
        nn.init.zeros_(self.shift.bias)
        for linear in (self.scale, self.shift):
            nn.init.normal_(linear.weight, std=0.3 * style**-0.5)

    def forward(self, x: Tensor, style: Tensor) -> Tensor:
        """Map (B, channels_in, H, W) with styles (B, style) to (B, channels_out, H, W)."""
        scale = self.scale(style)
        power = self.conv.weight.square().sum(dim=(2, 3))
        size = torch.rsqrt(scale.square() @ power.T + 1e-6)
        y = self.conv(x * scale[:, :, None, None])
        gain = 2**0.5
        y = torch.addcmul((gain * self.shift(style))[:, :, None, None], y, (gain * size)[:, :, None, None])
        return F.leaky_relu(y, _SLOPE)


class PosedConstant(nn.Module):
    """StyleGAN's learned constant, laid over the head's chart and looked at through positions on it.

    Args (of the constructor):
        channels: Channels of the constant.
        side: Its cells per side.
    """

    def __init__(self, channels: int, side: int) -> None:
        super().__init__()
        self.constant = nn.Parameter(torch.randn(1, channels, side, side))

    def forward(self, positions: Tensor) -> Tensor:
        """Positions (B, 2, H, W) in [-1, 1], x then y, to features (B, channels, H, W)."""
        grid = positions.permute(0, 2, 3, 1)
        source = self.constant.expand(len(grid), -1, -1, -1)
        return F.grid_sample(source, grid, mode="bilinear", padding_mode="border", align_corners=False)


def pose_terms(pose: Tensor) -> Tensor:
    """All products of up to two numbers of the pose (B, n): (B, 1 + n + n (n + 1) / 2)."""
    count = pose.shape[1]
    first, second = torch.triu_indices(count, count, device=pose.device)
    return torch.cat([torch.ones_like(pose[:, :1]), pose, pose[:, first] * pose[:, second]], dim=1)
