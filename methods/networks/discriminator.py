"""The discriminator of ROFI (and of MedSem-DeID here): patches and the whole image."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import torch
import torch.nn.functional as F
from torch import nn
from torch.nn.utils.parametrizations import spectral_norm

if TYPE_CHECKING:
    from collections.abc import Sequence

    from torch import Tensor

Scores = tuple["Tensor", "Tensor"]


class PatchDiscriminator(nn.Module):
    """Five 4x4 convolutions of stride 2 with spectral norm and LeakyReLU 0.2; two linear scores.

    Input images, (B, 3, H, W), H and W >= 32, any range. Source: ROFI, methods.
    """

    def __init__(self, widths: Sequence[int] = (64, 128, 256, 512, 512), channels_in: int = 3) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for before, after in pairwise((channels_in, *widths)):
            layers += [spectral_norm(nn.Conv2d(before, after, 4, stride=2, padding=1)), nn.LeakyReLU(0.2)]
        self.trunk = nn.Sequential(*layers)
        self.local_score = spectral_norm(nn.Conv2d(widths[-1], 1, 1))
        self.global_score = spectral_norm(nn.Linear(widths[-1], 1))

    def forward(self, images: Tensor) -> Scores:
        """Return the patches' scores (B, 1, H/32, W/32) and the image's score (B, 1); real is high."""
        features = self.trunk(images)
        return self.local_score(features), self.global_score(features.mean(dim=(2, 3)))


def mean_scores(scores: Scores) -> Tensor:
    """Return each image's score (B,): the mean over its patches and the whole."""
    local, pooled = scores
    return torch.cat([local.flatten(1), pooled.flatten(1)], dim=1).mean(1)


def hinge_d(real: Scores, fake: Scores) -> Tensor:
    """Return the discriminator's hinge loss: local plus global term."""
    terms = [F.relu(1 - r).mean() + F.relu(1 + f).mean() for r, f in zip(real, fake, strict=True)]
    return torch.stack(terms).sum()


def hinge_g(fake: Scores) -> Tensor:
    """Return the generator's hinge loss: local plus global term."""
    return -torch.stack([score.mean() for score in fake]).sum()
