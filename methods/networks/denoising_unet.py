"""A small denoising UNet with a condition; trained on the eye band, its first half, frozen, is Enc_med.

MedSem-DeID takes the first blocks of a Stable Diffusion UNet trained on MeMa. The mini preset trains
this network on the eye band of mema-mini instead, where all signs of disease lie, and keeps the
same law: features of the clean image (t = 0), with the null label, never the disease's name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch.nn.functional as F
from torch import nn

from medbench.core import DISEASES
from medbench.methods.networks.blocks import Down, ResBlock
from medbench.methods.networks.diffusion import WAVES, ddim, time_waves
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


def eye_band(images: Tensor) -> Tensor:
    """Return the eye band (B, 3, 80, 160) of images (B, 3, 256, 256)."""
    if images.shape[-2:] != (IMAGE_SIZE, IMAGE_SIZE):
        raise ValueError(f"the eye band is cut from {IMAGE_SIZE} px images, not {tuple(images.shape[-2:])}")
    top, bottom, left, right = BAND
    return images[..., top:bottom, left:right]


class Conditioning(nn.Module):
    """Time and label as one vector (B, 128)."""

    def __init__(self, labels: int = NULL_LABEL + 1) -> None:
        super().__init__()
        self.time = nn.Sequential(nn.Linear(WAVES, _COND), nn.SiLU(), nn.Linear(_COND, _COND))
        self.label = nn.Embedding(labels, _COND)

    def forward(self, time: Tensor, label: Tensor) -> Tensor:
        """Map times (B,) in [0, 1] and labels (B,) to (B, 128)."""
        return F.silu(self.time(time_waves(time)) + self.label(label))


class FirstHalf(nn.Module):
    """The UNet's way down to a quarter of the side: what Enc_med keeps."""

    def __init__(self, channels_in: int = 3, labels: int = NULL_LABEL + 1) -> None:
        super().__init__()
        self.conditioning = Conditioning(labels)
        self.stem = nn.Sequential(nn.PixelUnshuffle(2), nn.Conv2d(4 * channels_in, _STEM, 3, padding=1))
        self.down = Down(_STEM, FEATURE_CHANNELS)
        self.block1 = ResBlock(FEATURE_CHANNELS, norm=True, cond=_COND)
        self.block2 = ResBlock(FEATURE_CHANNELS, norm=True, cond=_COND)

    def forward(self, band: Tensor, cond: Tensor) -> tuple[Tensor, Tensor]:
        """Map (B, channels_in, H, W) to its stem (B, 32, H/2, W/2) and features (B, 64, H/4, W/4)."""
        stem = self.stem(band)
        features = self.block2(self.block1(self.down(F.silu(stem)), cond), cond)
        return stem, features


class DenoisingUNet(nn.Module):
    """Maps a noised picture, given time and label, to what it is trained to guess (see ``diffusion.py``).

    Args (of the constructor):
        channels_in: 3, and what else is laid beside the noised picture.
        labels: Classes that the network may be told.
        deep: Channels at an eighth of the side.
        middle: Pairs of a residual block and attention there.
    """

    def __init__(
        self, channels_in: int = 3, labels: int = NULL_LABEL + 1, deep: int = _DEEP, middle: int = 1
    ) -> None:
        super().__init__()
        self.first = FirstHalf(channels_in, labels)
        self.down = Down(FEATURE_CHANNELS, deep)
        self.deep = nn.ModuleList(ResBlock(deep, norm=True, cond=_COND) for _ in range(middle))
        self.attention = nn.ModuleList(
            TransformerBlock(deep, heads=4, mlp=2, cond=_COND) for _ in range(middle)
        )
        self.up = nn.Sequential(nn.Conv2d(deep, FEATURE_CHANNELS, 1), nn.Upsample(scale_factor=2))
        self.block = ResBlock(FEATURE_CHANNELS, norm=True, cond=_COND)
        self.spread = nn.Sequential(nn.Conv2d(FEATURE_CHANNELS, 4 * _STEM, 1), nn.PixelShuffle(2))
        self.out = nn.Sequential(nn.SiLU(), nn.Conv2d(_STEM, 12, 3, padding=1))
        self.shuffle = nn.PixelShuffle(2)

    def forward(self, noised: Tensor, time: Tensor, label: Tensor) -> Tensor:
        """Map (B, channels_in, H, W), times (B,) and labels (B,) to (B, 3, H, W).

        8 divides H and W.
        """
        cond = self.first.conditioning(time, label)
        stem, features = self.first(noised, cond)
        deep = self.down(features)
        batch, channels, height, width = deep.shape
        for block, attention in zip(self.deep, self.attention, strict=True):
            tokens = attention(block(deep, cond).flatten(2).transpose(1, 2), cond)
            deep = tokens.transpose(1, 2).reshape(batch, channels, height, width)
        wide = self.block(self.up(deep) + features, cond)
        return self.shuffle(self.out(self.spread(wide) + stem))


def denoise(unet: DenoisingUNet, noise: Tensor, label: Tensor, steps: int = 16) -> Tensor:
    """Draw bands in about [-1, 1] from noise (B, 3, 80, 160) by deterministic DDIM steps."""
    return ddim(lambda image, time: unet(image, time, label), noise, steps)
