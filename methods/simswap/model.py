"""The generator: encoder, identity injection by AdaIN, decoder."""

from __future__ import annotations

from typing import cast

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from medbench.methods.networks.blocks import Down
from medbench.methods.networks.eigenfaces import NUMBERS, SIDE, Eigenfaces, flat, unfolded
from medbench.methods.networks.recogniser import EMBEDDING

_FINE, _MID, _DEEP = 32, 64, 96
_BLOCKS = 3
_PARTS, _RIDGE, _CHANGE = 96, 0.02, 0.04
#: What the mask's logit is raised by: a face half the patient's is still the patient's.
_SURE = 3.0


class IdBlock(nn.Module):
    """SimSwap's ID injection block: twice convolution and AdaIN, scaled and shifted by the person."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.convs = nn.ModuleList(nn.Conv2d(channels, channels, 3, padding=1) for _ in range(2))
        self.styles = nn.ModuleList(nn.Linear(EMBEDDING, 2 * channels) for _ in range(2))

    def forward(self, x: Tensor, person: Tensor) -> Tensor:
        """Features (B, C, H, W) and embeddings (B, 128) -> features."""
        y = x
        for index, (conv, style) in enumerate(zip(self.convs, self.styles, strict=True)):
            scale, shift = style(person)[:, :, None, None].chunk(2, dim=1)
            y = F.instance_norm(conv(y)) * (1 + scale) + shift
            y = F.silu(y) if index == 0 else y
        return x + y


class Coarse(nn.Module):
    """The swap that a linear map expects, in closed form: from small crop and person to small swap.

    The patient's eigenface coefficients say pose, expression, light and complexion; who they are drops out
    of the map, since the wanted faces do not depend on it.
    """

    crop_mean: Tensor
    crop_basis: Tensor
    swap_mean: Tensor
    swap_basis: Tensor
    matrix: Tensor
    where: Tensor

    def __init__(self) -> None:
        super().__init__()
        for name in ("crop", "swap"):
            self.register_buffer(f"{name}_mean", torch.zeros(NUMBERS))
            self.register_buffer(f"{name}_basis", torch.zeros(_PARTS, NUMBERS))
        #: Logit of how often a swap changes a place.
        self.register_buffer("where", torch.zeros(1, 1, SIDE, SIDE))
        self.register_buffer("matrix", torch.zeros(_PARTS + EMBEDDING, _PARTS))

    def fit(self, crops: np.ndarray, swaps: np.ndarray, persons: Tensor) -> None:
        """Fit to small crops and wanted swaps (n, 3, 32, 32) in [-1, 1] and embeddings (n, 128)."""
        parts = []
        for name, faces in (("crop", crops), ("swap", swaps)):
            found = Eigenfaces.of(faces, _PARTS)
            self.get_buffer(f"{name}_mean").copy_(found.mean)
            self.get_buffer(f"{name}_basis").copy_(found.basis)
            parts.append(self._codes(name, torch.from_numpy(faces).flatten(1)))
        changed = (np.abs(swaps - crops).mean(axis=1) > _CHANGE).mean(axis=0)
        self.where.copy_(torch.logit(torch.from_numpy(changed).float(), eps=0.02) + _SURE)
        told = torch.cat([parts[0], persons * EMBEDDING**0.5], dim=1)
        ridge = _RIDGE * len(told) * torch.eye(told.shape[1])
        self.matrix.copy_(torch.linalg.solve(told.T @ told + ridge, told.T @ parts[1]))

    def forward(self, crops: Tensor, persons: Tensor) -> Tensor:
        """Crops (B, 3, 128, 128) in [-1, 1], embeddings times the root of 128 -> soft swaps."""
        told = torch.cat([self._codes("crop", flat(crops)), persons], dim=1)
        return unfolded(self.swap_mean + told @ self.matrix @ self.swap_basis, crops.shape[-1])

    def _codes(self, name: str, faces: Tensor) -> Tensor:
        basis = self.get_buffer(f"{name}_basis")
        return (faces - self.get_buffer(f"{name}_mean")) @ (basis / (basis.square().sum(1)[:, None] + 1e-6)).T


class Generator(nn.Module):
    """``forward(crops, persons)``: the faces of the crops become the persons'.

    ``gallery`` (people, 128) are the embeddings of those who stand in.
    """

    gallery: Tensor

    def __init__(self, people: int) -> None:
        super().__init__()
        self.coarse = Coarse()
        self.stem = nn.Sequential(nn.PixelUnshuffle(2), nn.Conv2d(24, _FINE, 5, padding=2))
        self.down1 = Down(_FINE, _MID)
        self.down2 = Down(_MID, _DEEP)
        self.inject = nn.ModuleList(IdBlock(_DEEP) for _ in range(_BLOCKS))
        self.up1 = nn.Conv2d(_DEEP, _MID, 1)
        self.inject_mid = IdBlock(_MID)
        self.up2 = nn.Sequential(nn.Conv2d(_MID, 4 * _FINE, 1), nn.PixelShuffle(2))
        self.out = nn.Sequential(nn.SiLU(), nn.Conv2d(_FINE, 12, 3, padding=1), nn.PixelShuffle(2))
        # Untrained, it draws the linear swap.
        last = cast("nn.Conv2d", self.out[1])
        nn.init.zeros_(last.weight)
        nn.init.zeros_(cast("Tensor", last.bias))
        self.register_buffer("gallery", torch.zeros(people, EMBEDDING))

    def forward(self, crops: Tensor, persons: Tensor) -> Tensor:
        """Crops (B, 3, 128, 128) in [0, 1] and unit embeddings (B, 128) -> swapped crops, about [0, 1]."""
        # Unit vectors of 128 numbers are small beside what a linear layer is made for.
        person = persons * EMBEDDING**0.5
        soft = self.coarse(crops * 2 - 1, person)
        fine = self.stem(torch.cat([crops * 2 - 1, soft], dim=1))
        mid = self.down1(F.silu(fine))
        x = self.down2(F.silu(mid))
        for block in self.inject:
            x = block(x, person)
        x = F.interpolate(self.up1(F.silu(x)), scale_factor=2, mode="bilinear", align_corners=False)
        x = self.inject_mid(x + mid, person)
        drawn = self.out(self.up2(x) + fine)
        # The same place for everybody: a mask that the picture may choose lets the patient shine through.
        share = F.interpolate(self.coarse.where, size=drawn.shape[-2:], mode="bilinear").sigmoid()
        return crops.lerp(soft / 2 + 0.5 + drawn, share)
