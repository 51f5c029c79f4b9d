"""The linear half of the denoiser: what a Gaussian model of small faces expects, in closed form.

Faces of 32 px are ``mean + basis z`` with z standard normal, and a little more (probabilistic PCA,
Tipping and Bishop 1999). What surrounds the hole and what the noise has left of the face both tell
of z; its posterior mean is what the network starts from.
"""

from __future__ import annotations

import math

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from medbench.methods.networks.eigenfaces import NUMBERS, Eigenfaces, flat, unfolded

PARTS = 128
#: Pixels err together and not each by itself, so that all of them say less than they seem to.
_DOUBT = 6.0


class Coarse(nn.Module):
    """``basis`` (128, 3 * 32 * 32), its rows as long as z varies; ``spare``, the variance left to a pixel."""

    mean: Tensor
    basis: Tensor
    whole: Tensor
    spare: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("mean", torch.zeros(NUMBERS))
        self.register_buffer("basis", torch.zeros(PARTS, NUMBERS))
        self.register_buffer("whole", torch.zeros(PARTS, PARTS))
        self.register_buffer("spare", torch.ones(()))

    def fit(self, faces: np.ndarray) -> None:
        """Fit to faces (n, 3, 32, 32) in [-1, 1]."""
        found = Eigenfaces.of(faces, PARTS)
        self.mean.copy_(found.mean)
        self.basis.copy_(found.basis)
        self.whole.copy_(self.basis @ self.basis.T)
        self.spare.fill_(found.spare)

    def gram(self, hole: Tensor) -> Tensor:
        """What depends on the hole (B, 1, 64, 64) alone: (B, 128, 128). One hole for all pictures will do."""
        outside = self.basis * (1 - self._small_hole(hole))
        return outside @ self.basis.T

    def forward(self, noised: Tensor, time: Tensor, around: Tensor, hole: Tensor, gram: Tensor) -> Tensor:
        """Noised faces (B, 3, 64, 64), times (B,), pictures around the holes -> clean faces, soft."""
        inside = self._small_hole(hole)[:, 0]
        angle = time.view(-1, 1) * (math.pi / 2)
        cos, sin = angle.cos(), angle.sin()
        spare = _DOUBT * self.spare
        # Averaging 2 x 2 pixels halves the noise. The weight stays finite where nothing is left to see.
        weight = cos.square() / (cos.square() * spare + sin.square() / 4)
        told = (flat(around) - self.mean) * (1 - inside) / spare
        told = told + (weight / cos.clamp(min=1e-4) * (flat(noised) - cos * self.mean)) * inside
        unit = torch.eye(PARTS, device=gram.device)
        precision = unit + gram / spare + weight[..., None] * (self.whole - gram)
        z = torch.linalg.solve(precision, told @ self.basis.T)
        return unfolded(self.mean + z @ self.basis, noised.shape[-1])

    def _small_hole(self, hole: Tensor) -> Tensor:
        """The hole for each number of a small face: (B, 1, 3072)."""
        return F.max_pool2d(hole, 2).flatten(1).repeat(1, 3)[:, None]
