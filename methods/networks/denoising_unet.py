"""A small class-conditional denoising UNet on the eye band; its first half, frozen, is Enc_med.

The paper takes the first blocks of a Stable Diffusion UNet trained on MeMa. The mini preset trains
this network on the eye band of mema-mini instead, where all signs of disease lie, and keeps the
same law: features of the clean image (t = 0), with the null label, never the disease's name.
"""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING

import torch
import torch.nn.functional as F
from torch import nn

from medbench.core import DISEASES
from medbench.methods.networks.blocks import Down, ResBlock
from medbench.methods.networks.transformer import TransformerBlock

if TYPE_CHECKING:
    from torch import Tensor

#: Side of the images that the crops below are made for.
IMAGE_SIZE = 256
#: The eye band of a 256 px image: (top, bottom, left, right) in pixels.
BAND = (88, 168, 48, 208)
#: The label that stands for "not told".
NULL_LABEL = len(DISEASES)
FEATURE_CHANNELS = 64

_STEM = 32
_DEEP = 96
_COND = 128
_WAVES = 64


def eye_band(images: Tensor) -> Tensor:
    """Return the eye band (B, 3, 80, 160) of images (B, 3, 256, 256)."""
    if images.shape[-2:] != (IMAGE_SIZE, IMAGE_SIZE):
        raise ValueError(f"the eye band is cut from {IMAGE_SIZE} px images, not {tuple(images.shape[-2:])}")
    top, bottom, left, right = BAND
    return images[..., top:bottom, left:right]


class Conditioning(nn.Module):
    """Time and label as one vector (B, 128)."""

    def __init__(self) -> None:
        super().__init__()
        self.time = nn.Sequential(nn.Linear(_WAVES, _COND), nn.SiLU(), nn.Linear(_COND, _COND))
        self.label = nn.Embedding(NULL_LABEL + 1, _COND)

    def forward(self, time: Tensor, label: Tensor) -> Tensor:
        """Map times (B,) in [0, 1] and labels (B,) in 0..8 to (B, 128)."""
        octaves = torch.arange(_WAVES // 2, device=time.device, dtype=torch.float32)
        rates = 1000 * torch.exp(-math.log(10_000) * octaves / (_WAVES // 2))
        angles = time.float()[:, None] * rates
        waves = torch.cat([angles.cos(), angles.sin()], dim=1)
        return F.silu(self.time(waves) + self.label(label))


class FirstHalf(nn.Module):
    """The UNet's way down to 20x40: what Enc_med keeps."""

    def __init__(self) -> None:
        super().__init__()
        self.conditioning = Conditioning()
        self.stem = nn.Sequential(nn.PixelUnshuffle(2), nn.Conv2d(12, _STEM, 3, padding=1))
        self.down = Down(_STEM, FEATURE_CHANNELS)
        self.block1 = ResBlock(FEATURE_CHANNELS, norm=True, cond=_COND)
        self.block2 = ResBlock(FEATURE_CHANNELS, norm=True, cond=_COND)

    def forward(self, band: Tensor, cond: Tensor) -> tuple[Tensor, Tensor]:
        """Map a band (B, 3, 80, 160) to its stem (B, 32, 40, 80) and features (B, 64, 20, 40)."""
        stem = self.stem(band)
        features = self.block2(self.block1(self.down(F.silu(stem)), cond), cond)
        return stem, features


class DenoisingUNet(nn.Module):
    """Predicts the velocity of a noised eye band, given time and label.

    With clean x in [-1, 1], noise e and time t in [0, 1] (cosine schedule), the noised band is
    ``cos(pi t / 2) x + sin(pi t / 2) e`` and its velocity ``cos(pi t / 2) e - sin(pi t / 2) x``.
    """

    def __init__(self) -> None:
        super().__init__()
        self.first = FirstHalf()
        self.down = Down(FEATURE_CHANNELS, _DEEP)
        self.deep = ResBlock(_DEEP, norm=True, cond=_COND)
        self.attention = TransformerBlock(_DEEP, heads=4, mlp=2, cond=_COND)
        self.up = nn.Sequential(nn.Conv2d(_DEEP, FEATURE_CHANNELS, 1), nn.Upsample(scale_factor=2))
        self.block = ResBlock(FEATURE_CHANNELS, norm=True, cond=_COND)
        self.spread = nn.Sequential(nn.Conv2d(FEATURE_CHANNELS, 4 * _STEM, 1), nn.PixelShuffle(2))
        self.out = nn.Sequential(nn.SiLU(), nn.Conv2d(_STEM, 12, 3, padding=1))
        self.shuffle = nn.PixelShuffle(2)

    def forward(self, noised: Tensor, time: Tensor, label: Tensor) -> Tensor:
        """Map bands (B, 3, 80, 160), times (B,) and labels (B,) to velocities (B, 3, 80, 160)."""
        cond = self.first.conditioning(time, label)
        stem, features = self.first(noised, cond)
        deep = self.deep(self.down(features), cond)
        batch, channels, height, width = deep.shape
        tokens = self.attention(deep.flatten(2).transpose(1, 2), cond)
        deep = tokens.transpose(1, 2).reshape(batch, channels, height, width)
        wide = self.block(self.up(deep) + features, cond)
        return self.shuffle(self.out(self.spread(wide) + stem))


def noised(clean: Tensor, noise: Tensor, time: Tensor) -> tuple[Tensor, Tensor]:
    """Return the noised bands and their velocities for clean bands in [-1, 1] at times (B,)."""
    angle = time.view(-1, 1, 1, 1) * (math.pi / 2)
    cos, sin = angle.cos(), angle.sin()
    return cos * clean + sin * noise, cos * noise - sin * clean


@torch.no_grad()
def denoise(unet: DenoisingUNet, noise: Tensor, label: Tensor, steps: int = 16) -> Tensor:
    """Draw bands in about [-1, 1] from noise (B, 3, 80, 160) by deterministic DDIM steps."""
    image = noise
    times = torch.linspace(1, 0, steps + 1, device=noise.device)
    for now, then in itertools.pairwise(times):
        velocity = unet(image, now.expand(len(image)), label)
        angle, after = now * (math.pi / 2), then * (math.pi / 2)
        clean = (angle.cos() * image - angle.sin() * velocity).clamp(-1, 1)
        residue = angle.sin() * image + angle.cos() * velocity
        image = after.cos() * clean + after.sin() * residue
    return image
