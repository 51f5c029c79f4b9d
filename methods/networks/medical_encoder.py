"""Enc_med of the mini preset: the frozen first half of the denoising UNet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import nn

from medbench.methods.networks.denoising_unet import BAND, NULL_LABEL, FirstHalf, eye_band
from medbench.methods.networks.frozen import freeze, read_weights

if TYPE_CHECKING:
    from pathlib import Path

    from torch import Tensor


#: Pixels per side of a feature.
_STRIDE = 4


class MedicalEncoder(nn.Module):
    """Features of the eye band that carry the medical signs; frozen, differentiable in the images."""

    def __init__(self, first_half: FirstHalf) -> None:
        super().__init__()
        self.first = first_half
        time, label = torch.zeros(1), torch.full((1,), NULL_LABEL)
        with torch.no_grad():
            self.register_buffer("cond", first_half.conditioning(time, label))
        freeze(self)

    @classmethod
    def from_file(cls, path: Path) -> MedicalEncoder:
        """Read ``enc_med.safetensors`` (fp16 or fp32) as ``train_denoiser`` writes it.

        Raises:
            Unavailable: The file is missing or of another network.
        """
        return cls(read_weights(FirstHalf(), path))

    def features(self, images: Tensor) -> Tensor:
        """Map images (B, 3, 256, 256) in [0, 1] to features (B, 64, 20, 40)."""
        return self.features_of_band(eye_band(images))

    def whole(self, images: Tensor) -> Tensor:
        """Features on the whole picture's grid: (B, 64, 64, 64), zero outside the eye band."""
        features = self.features(images)
        top, bottom, left, right = (edge // _STRIDE for edge in BAND)
        grid = features.new_zeros(len(images), features.shape[1], 256 // _STRIDE, 256 // _STRIDE)
        grid[:, :, top:bottom, left:right] = features
        return grid

    def features_of_band(self, band: Tensor) -> Tensor:
        """Map eye bands (B, 3, 80, 160) in [0, 1] to features (B, 64, 20, 40)."""
        cond: Tensor = self.get_buffer("cond")
        return self.first(band * 2 - 1, cond.expand(len(band), -1))[1]

    forward = features
