"""The training loop.

A stage trains a few networks on batches that are a pure function of the step. Before each step
torch's random numbers are seeded from (names, step), so a stage that was killed and resumed takes
the very same steps as one that was not.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch

from medbench.methods.networks.memory import channels_last
from medbench.methods.training import checkpoint
from medbench.methods.training.ema import averaged_copies
from medbench.methods.training.log import MetricsLog, Ticker
from medbench.methods.training.schedule import Budget, warmup_cosine
from medbench.methods.training.seeds import seed_of
from medbench.methods.training.sheet import write_sheet

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from torch import Tensor, nn
    from torch.optim import Optimizer

    StepFunction = Callable[[Any, int, float], Mapping[str, Tensor]]
    SheetFunction = Callable[[Mapping[str, nn.Module]], Tensor]

__all__ = ["Budget", "StageResult", "train_stage"]


@dataclass(frozen=True)
class StageResult:
    """A trained stage.

    ``averaged`` holds the moving averages of the weights (the models themselves where the stage
    keeps none); these are what a caller ships.
    """

    models: Mapping[str, nn.Module]
    averaged: Mapping[str, nn.Module]
    step: int
    seconds: float


def train_stage(
    name: str,
    *,
    models: Mapping[str, nn.Module],
    optimisers: Mapping[str, Optimizer],
    step_fn: StepFunction,
    batches: Callable[[int], Any],
    budget: Budget,
    out: Path,
    seeds: Sequence[str | int],
    device: str = "cpu",
    schedule: Callable[[float], float] = warmup_cosine,
    ema: float | None = None,
    resume: bool = True,
    log_every: int = 20,
    checkpoint_every: float = 60.0,
    sheet_fn: SheetFunction | None = None,
    sheet_every: float = 180.0,
    clip: float | None = 1.0,
) -> StageResult:
    """Train until the budget is spent; logs, checkpoints and sheets go to ``out/name``.

    Args:
        name: The stage; names its folder.
        models: Networks that are trained, by name. Frozen ones stay outside, in ``step_fn``.
        optimisers: By the name of the loss that each one minimises, e.g. ``{"total": Adam(...)}``.
            Within a step they take turns in this order: clear gradients, backward, clip, step. A
            discriminator's loss must come from detached images.
        step_fn: ``(batch, step, progress) -> losses``, scalars; all are logged. Runs under bf16
            autocast on CUDA and in fp32 elsewhere.
        batches: ``step -> batch``, a pure function of the step.
        budget: Steps, minutes, or both.
        out: Folder of the training run.
        seeds: Names from which all random numbers come.
        device: Where the networks live, e.g. ``cpu`` or ``cuda``.
        schedule: ``progress in [0, 1] -> factor`` on every learning rate.
        ema: Decay of the moving averages of the weights, None for none.
        resume: Go on from the last checkpoint (or return at once where the stage is done);
            False starts anew.
        log_every: Steps per row of ``metrics.csv``.
        checkpoint_every: Seconds between checkpoints.
        sheet_fn: ``models -> image`` (3, H, W) in [0, 1], written to ``sheets/``; gets the averages
            where there are some, in eval mode and without gradients.
        sheet_every: Seconds between sheets.
        clip: Largest gradient norm per optimiser, None for no limit.

    Raises:
        MedbenchError: A loss is not finite, or the checkpoint belongs to other networks.
    """
    folder = out / name
    for model in models.values():
        channels_last(model, device)
    averages = averaged_copies(models, ema) if ema is not None else {}
    modules = {**models, **{f"average:{key}": module for key, module in averages.items()}}
    averaged = {key: module.module for key, module in averages.items()} or dict(models)
    rates = {key: [group["lr"] for group in opt.param_groups] for key, opt in optimisers.items()}
    found = checkpoint.latest(folder) if resume else None
    position = checkpoint.load(found, modules, optimisers) if found else checkpoint.Position()
    step, seconds = position.step, position.seconds
    log = MetricsLog(folder / "metrics.csv", step)
    cuda = torch.device(device).type == "cuda"
    devices = range(torch.cuda.device_count()) if cuda else []
    saved = sheeted = seconds
    began = time.perf_counter() - seconds
    with torch.random.fork_rng(devices), Ticker(name) as ticker:
        while (progress := budget.progress(step, seconds)) < 1:
            _train_mode(models)
            torch.manual_seed(seed_of(*seeds, step))
            batch = batches(step)
            with torch.autocast("cuda", dtype=torch.bfloat16, enabled=cuda):
                losses = step_fn(batch, step, progress)
            factor = schedule(progress)
            for key, optimiser in optimisers.items():
                _descend(optimiser, losses[key], [rate * factor for rate in rates[key]], clip)
            for key, average in averages.items():
                average.update_parameters(models[key])
            log.add(losses)
            step += 1
            seconds = time.perf_counter() - began
            if step % log_every == 0:
                ticker.tick(step, seconds, progress, log.flush(step, seconds))
            if seconds - saved >= checkpoint_every:
                log.flush(step, seconds)
                checkpoint.save(folder, modules, optimisers, checkpoint.Position(step, seconds))
                saved = seconds
            if sheet_fn is not None and seconds - sheeted >= sheet_every:
                write_sheet(folder / "sheets" / f"{step:08d}.png", sheet_fn, averaged)
                sheeted = seconds
    if step > position.step:
        log.flush(step, seconds)
        checkpoint.save(folder, modules, optimisers, checkpoint.Position(step, seconds))
        if sheet_fn is not None:
            write_sheet(folder / "sheets" / f"{step:08d}.png", sheet_fn, averaged)
    return StageResult(models, averaged, step, seconds)


def _train_mode(models: Mapping[str, nn.Module]) -> None:
    for model in models.values():
        if not model.training:
            model.train()


def _descend(optimiser: Optimizer, loss: Tensor, rates: Sequence[float], clip: float | None) -> None:
    for group, rate in zip(optimiser.param_groups, rates, strict=True):
        group["lr"] = rate
    optimiser.zero_grad(set_to_none=True)
    loss.backward()
    if clip is not None:
        parameters = [p for group in optimiser.param_groups for p in group["params"]]
        torch.nn.utils.clip_grad_norm_(parameters, clip)
    optimiser.step()
