"""CIAGAN's networks: the generator under a one-hot identity, and the siamese net that guides it."""

from __future__ import annotations

from itertools import pairwise

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from medbench.methods.face_drawing import line_drawing, outline_points
from medbench.methods.face_hole import jaw_hole
from medbench.methods.inpainting import Sight
from medbench.methods.networks.inpainting import Inpainter

#: Identities that can be chosen.
PEOPLE = 32
POINTS = 29
#: Distance that the siamese net keeps between two persons.
MARGIN = 3.0
_WIDTHS = (3, 16, 32, 48, 64)

SIGHT = Sight(hole=jaw_hole, points=outline_points, guide=line_drawing)


def generator() -> Inpainter:
    """The network without its weights: a one-hot identity (B, 32) is its code."""
    return Inpainter(points=POINTS, guide=1, code=PEOPLE, canvas=96)


class Siamese(nn.Module):
    """Pictures (B, 3, 128, 128) -> vectors (B, 32) that lie near each other for one person."""

    def __init__(self) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for before, after in pairwise(_WIDTHS):
            layers += [nn.Conv2d(before, after, 3, stride=2, padding=1), nn.LeakyReLU(0.2)]
        self.trunk = nn.Sequential(*layers)
        self.out = nn.Linear(16 * _WIDTHS[-1], 32)

    def forward(self, pictures: Tensor) -> Tensor:
        """Return the vectors."""
        features = self.trunk(F.avg_pool2d(pictures, 2) - 0.5)
        return self.out(features.flatten(1))


def contrastive(first: Tensor, second: Tensor, same: Tensor) -> Tensor:
    """Contrastive loss of vectors (N, d), ``same`` (N,) bool: squared distance, or what the margin lacks."""
    apart = (first - second).square().sum(1).add(1e-8).sqrt()
    return 0.5 * torch.where(same, apart.square(), F.relu(MARGIN - apart).square()).mean()
