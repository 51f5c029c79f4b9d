"""The law of the diffusion models here: cosine schedule, velocity, deterministic DDIM steps.

With clean x in [-1, 1], noise e and time t in [0, 1], the noised picture is
``cos(pi t / 2) x + sin(pi t / 2) e`` and its velocity ``cos(pi t / 2) e - sin(pi t / 2) x``.
"""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from collections.abc import Callable

    from torch import Tensor

#: Numbers that a time is told to a network by.
WAVES = 64


def time_waves(time: Tensor) -> Tensor:
    """Cosines and sines (B, 64) of times (B,) in [0, 1], at rates from 1000 down to 0.1."""
    octaves = torch.arange(WAVES // 2, device=time.device, dtype=torch.float32)
    rates = 1000 * torch.exp(-math.log(10_000) * octaves / (WAVES // 2))
    angles = time.float()[:, None] * rates
    return torch.cat([angles.cos(), angles.sin()], dim=1)


def noised(clean: Tensor, noise: Tensor, time: Tensor) -> tuple[Tensor, Tensor]:
    """Return the noised pictures and their velocities for clean ones in [-1, 1] at times (B,)."""
    angle = time.view(-1, 1, 1, 1) * (math.pi / 2)
    cos, sin = angle.cos(), angle.sin()
    return cos * clean + sin * noise, cos * noise - sin * clean


def velocity(clean: Tensor, noised: Tensor, time: Tensor) -> Tensor:
    """Return the velocities of noised pictures whose clean ones a network guesses, at times (B,) above 0."""
    angle = time.view(-1, 1, 1, 1) * (math.pi / 2)
    return (angle.cos() * noised - clean) / angle.sin()


@torch.no_grad()
def ddim(velocity_of: Callable[[Tensor, Tensor], Tensor], noise: Tensor, steps: int) -> Tensor:
    """Draw pictures in [-1, 1] from noise (B, C, H, W).

    Args:
        velocity_of: the network: ``(noised pictures, times (B,)) -> velocities``.
        noise: standard normal.
        steps: calls of the network, evenly over time.
    """
    image = noise
    times = torch.linspace(1, 0, steps + 1, device=noise.device)
    for now, then in itertools.pairwise(times):
        velocity = velocity_of(image, now.expand(len(image)))
        angle, after = now * (math.pi / 2), then * (math.pi / 2)
        clean = (angle.cos() * image - angle.sin() * velocity).clamp(-1, 1)
        residue = angle.sin() * image + angle.cos() * velocity
        image = after.cos() * clean + after.sin() * residue
    return image
