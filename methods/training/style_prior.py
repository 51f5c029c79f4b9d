"""Train the style prior on drawn heads: the pictures' own people and scenes are its conditions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, cast

import numpy as np
import torch
from torch import Tensor, nn

from medbench.methods.networks.style_prior import StylePrior
from medbench.methods.training.data import IndexStream
from medbench.methods.training.loop import Budget, train_stage
from medbench.methods.training.seeds import seeded
from medbench.methods.training.sheet import tile
from medbench.methods.training.style_losses import PriorLosses
from medbench.methods.training.style_statistics import set_statistics

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from medbench.methods.networks.recogniser import Recogniser
    from medbench.methods.training.heads import Heads
    from medbench.methods.training.job import Job

BATCH = {"cpu": 8, "cuda": 64}
MINUTES = 20.0


class Shown(NamedTuple):
    """A batch: codes and scenes, layers (B, 4, 128, 128), landmarks (B, 68, 2) in pixels of 128."""

    identity: Tensor
    scene: Tensor
    layers: Tensor
    landmarks: Tensor


def train_prior(heads: Heads, recogniser: Recogniser, job: Job, steps: int | None = None) -> StylePrior:
    """Train the generator in stage folder ``out/prior``; goes on where a killed call stopped."""
    prior = seeded(StylePrior, "style prior", job.seed)
    set_statistics(prior, heads)
    losses = PriorLosses(prior.to(job.device), recogniser.to(job.device), job.seed)
    batches = stream(prior, heads, job.device, ("style prior", job.seed))
    result = train_stage(
        "prior",
        models={"prior": prior, "critic": losses.critic},
        optimisers={
            "total": torch.optim.Adam(prior.parameters(), lr=2.5e-3, betas=(0.9, 0.99)),
            "total_d": torch.optim.Adam(losses.critic.parameters(), lr=1e-3, betas=(0.5, 0.99)),
        },
        step_fn=lambda shown, step, progress: losses(shown, progress),
        batches=batches,
        budget=Budget(steps=steps, minutes=job.minutes or MINUTES),
        seeds=("style prior", job.seed),
        ema=0.995,
        sheet_fn=_sheet(batches),
        **job.stage,
    )
    return cast("StylePrior", averaged_module(result.averaged["prior"]))


def stream(
    prior: StylePrior, heads: Heads, device: str, seeds: tuple[str, ...], size: int | None = None
) -> Callable[[int], Shown]:
    """Batches of a step, a pure function of the step."""
    codes = prior.code(torch.from_numpy(heads.people).to(device))
    scenes = prior.standard(torch.from_numpy(heads.scenes).to(device))
    order = IndexStream(len(heads), size or BATCH[device], seeds)

    def batch(step: int) -> Shown:
        rows = order(step)
        layers = torch.from_numpy(np.stack([heads.layers[row] for row in rows])).to(device)
        points = torch.from_numpy(heads.landmarks[rows].astype(np.float32)).to(device) / 2
        return Shown(codes[rows], scenes[rows], layers.permute(0, 3, 1, 2).float() / 255, points)

    return batch


def averaged_module(averaged: Any) -> nn.Module:
    """The network of a stage's moving average, in eval mode."""
    return cast("nn.Module", getattr(averaged, "module", averaged)).eval()


def _sheet(batches: Callable[[int], Shown]) -> Callable[[Mapping[str, nn.Module]], Tensor]:
    def draw(models: Mapping[str, nn.Module]) -> Tensor:
        shown = batches(10_000_019)
        drawn = models["prior"](shown.identity, shown.scene)
        share = shown.layers[:, 3:]
        return tile([shown.layers[:, :3], drawn[:, :3] * drawn[:, 3:], share.expand(-1, 3, -1, -1)])

    return draw
