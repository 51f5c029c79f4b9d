"""Training of the inpainting generators: first by likeness alone, then with a critic beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from medbench.methods.face_hole import SIDE
from medbench.methods.networks.discriminator import PatchDiscriminator, hinge_d, hinge_g
from medbench.methods.networks.frozen import write_weights
from medbench.methods.networks.inpainting import Inpainter
from medbench.methods.networks.memory import channels_last
from medbench.methods.training.holes import Holes
from medbench.methods.training.job import Job
from medbench.methods.training.loop import train_stage
from medbench.methods.training.schedule import Budget
from medbench.methods.training.sheet import tile

BATCH = 8
RATE = 1.5e-3
#: Of the linear model, which is right from the start: fast, it would blur while all else still errs.
_SLOW = 0.03
#: Share of the budget without the critic, and the critic's weight after it.
ALONE, GAN = 0.9, 0.02
#: Pixels around the hole that are drawn too, under the seam.
_RIM = 4

#: A batch -> the network's drawing, further named losses.
Draw = Callable[[nn.Module, Any], tuple[Tensor, dict[str, Tensor]]]


def painted(drawn: Tensor, wanted: Tensor, hole: Tensor) -> Tensor:
    """L1 of pixels and of their differences to the next pixel, in the hole and on its rim."""
    weight = F.max_pool2d(hole, 2 * _RIM + 1, stride=1, padding=_RIM)
    weight = weight / weight.mean().clamp(min=1e-3)
    loss = ((drawn - wanted).abs() * weight).mean()
    for axis in (2, 3):
        apart = (drawn.diff(dim=axis) - wanted.diff(dim=axis)).abs()
        loss = loss + (apart * weight.narrow(axis, 1, SIDE - 1)).mean()
    return loss


def adversarial(critic: nn.Module, holes: Holes, drawn: Tensor) -> tuple[Tensor, Tensor]:
    """Hinge losses of generator and critic on the filled pictures; the critic also sees the holes."""
    fake = torch.cat([holes.filled(drawn), holes.hole], dim=1)
    real = torch.cat([holes.truth, holes.hole], dim=1)
    return hinge_g(critic(fake)), hinge_d(critic(real), critic(fake.detach()))


def train_inpainter(
    name: str,
    network: Inpainter,
    batches: Callable[[int], Any],
    draw: Draw,
    job: Job,
    steps: int,
    further: Mapping[str, nn.Module] | None = None,
) -> Path:
    """Train ``network`` and write ``out/mini.safetensors``.

    Args:
        name: The method; stages lie in ``out/painted`` and ``out/adversarial``.
        network: The generator, untrained.
        batches: Step -> batch, a :class:`Holes` in its attribute ``holes`` or itself one.
        draw: Network and batch -> drawing, and what else shall be minimised.
        job: Its ``minutes``, where there are any, take the place of ``steps``.
        steps: Budget of both stages, the same weights on every machine.
        further: Networks that are trained with the generator, by name.
    """
    models: dict[str, nn.Module] = {"net": channels_last(network, job.device), **(further or {})}
    critic = PatchDiscriminator(widths=(24, 48, 64, 96, 96), channels_in=4)

    def by_likeness(batch: Any, step: int, progress: float) -> dict[str, Tensor]:
        holes: Holes = getattr(batch, "holes", batch)
        drawn, losses = draw(models["net"], batch)
        losses["painted"] = painted(drawn, holes.truth, holes.hole)
        return {"total": torch.stack(list(losses.values())).sum(), **losses}

    def with_critic(batch: Any, step: int, progress: float) -> dict[str, Tensor]:
        holes: Holes = getattr(batch, "holes", batch)
        drawn, losses = draw(models["net"], batch)
        losses["painted"] = painted(drawn, holes.truth, holes.hole)
        fools, total_d = adversarial(critic, holes, drawn)
        losses["gan"] = GAN * fools
        return {"total": torch.stack(list(losses.values())).sum(), "total_d": total_d, **losses}

    common: dict[str, Any] = {
        **job.stage, "batches": batches, "ema": 0.99,
        "sheet_fn": _sheet(batches, draw), "sheet_every": 120.0,
    }  # fmt: skip
    alone = torch.optim.AdamW(_groups(models, RATE), betas=(0.9, 0.99), weight_decay=1e-4)
    result = train_stage(
        "painted", models=models, optimisers={"total": alone}, step_fn=by_likeness,
        budget=_share(ALONE, steps, job.minutes), seeds=(name, "painted", job.seed), **common,
    )  # fmt: skip
    for key, model in models.items():
        model.load_state_dict(result.averaged[key].state_dict())
    both = {
        "total": torch.optim.AdamW(_groups(models, 0.3 * RATE), betas=(0.5, 0.99), weight_decay=1e-4),
        "total_d": torch.optim.Adam(critic.parameters(), RATE, betas=(0.5, 0.99)),
    }
    result = train_stage(
        "adversarial", models={**models, "critic": critic}, optimisers=both, step_fn=with_critic,
        budget=_share(1 - ALONE, steps, job.minutes), seeds=(name, "adversarial", job.seed), **common,
    )  # fmt: skip
    trained = cast("nn.Module", result.averaged["net"])
    return write_weights(trained, job.out / "mini.safetensors", {"method": name})


def _groups(models: Mapping[str, nn.Module], rate: float) -> list[dict[str, Any]]:
    named = [(name, p) for model in models.values() for name, p in model.named_parameters()]
    linear = [p for name, p in named if name in ("mean", "basis")]
    rest = [p for name, p in named if name not in ("mean", "basis")]
    return [{"params": rest, "lr": rate}, {"params": linear, "lr": _SLOW * rate, "weight_decay": 0.0}]


def _share(part: float, steps: int, minutes: float | None) -> Budget:
    return Budget(steps=round(part * steps)) if minutes is None else Budget(minutes=part * minutes)


def _sheet(batches: Callable[[int], Any], draw: Draw) -> Callable[[Mapping[str, nn.Module]], Tensor]:
    """The pictures, what is left of them, and what is drawn in."""

    def rows(models: Mapping[str, nn.Module]) -> Tensor:
        batch = batches(10_000_019)
        holes: Holes = getattr(batch, "holes", batch)
        drawn, _ = draw(models["net"], batch)
        return tile([holes.truth, holes.context[:, :3], holes.filled(drawn)])

    return rows
