"""Training of the mini tumour network: fitted on the train split, chosen on the select split."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from medbench.methods.networks.frozen import write_weights
from medbench.methods.training.loop import Budget, train_stage
from medbench.methods.training.seeds import seeded
from medbench.metrics.evaluators.segmentation_field import spread
from medbench.metrics.evaluators.segmentation_network import TumourNetwork
from medbench.metrics.evaluators.training.eyes import in_parts
from medbench.metrics.evaluators.training.tumour_eyes import TumourEyes

if TYPE_CHECKING:
    from medbench.suites.suite import Suite

NAME = "segmentation_mini"
BATCH = 32
LEARNING_RATE = 4e-3
WEIGHT_DECAY = 0.01
THRESHOLDS = tuple(round(0.3 + 0.05 * step, 2) for step in range(11))
LOGGER = logging.getLogger(__name__)


def train(
    suite: Suite,
    out: Path,
    device: str = "cpu",
    minutes: float | None = None,
    seed: str = "0",
    steps: int | None = 1400,
    resume: bool = True,
) -> Path:
    """Train and write ``out/segmentation_mini.safetensors``; checkpoints and metrics.csv lie beside it.

    Args:
        suite: with splits ``train`` and ``select``, the truth column ``disease`` and masks.
        out: folder of the run; a killed one goes on where it was.
        device: ``cpu`` or ``cuda``.
        minutes: budget of training time, if that is over first.
        seed: name from which all draws come.
        steps: stop after so many steps; 1400 take eight minutes on one core.
        resume: False starts anew.

    Returns:
        The weight file (fp16).
    """
    faces, seeds = TumourEyes(suite, "train"), (NAME, seed)
    network = seeded(TumourNetwork, *seeds)
    ill, healthy = faces.streams(BATCH, seeds)

    def batches(step: int) -> tuple[Tensor, Tensor]:
        return faces.one_eye(np.concatenate([faces.ill[ill(step)], faces.healthy[healthy(step)]]), device)

    def step_fn(batch: tuple[Tensor, Tensor], step: int, progress: float) -> dict[str, Tensor]:
        crops, masks = batch
        return losses(network(crops).float(), masks)

    result = train_stage(
        NAME,
        models={"network": network},
        optimisers={
            "total": torch.optim.AdamW(network.parameters(), LEARNING_RATE, weight_decay=WEIGHT_DECAY)
        },
        step_fn=step_fn,
        batches=batches,
        budget=Budget(steps=steps, minutes=minutes),
        out=out,
        device=device,
        seeds=seeds,
        ema=0.99,
        resume=resume,
    )
    select = TumourEyes(suite, "select")
    found = {
        kept: dice_by_threshold(models["network"], select, device)
        for kept, models in (("last", result.models), ("average", result.averaged))
    }
    kept = max(found, key=lambda name: float(found[name].max()))
    best = (result.models if kept == "last" else result.averaged)["network"]
    assert isinstance(best, TumourNetwork)
    place = int(found[kept].argmax())
    best.threshold.fill_(THRESHOLDS[place])
    notes = {
        "suite": suite.card.name,
        "seed": seed,
        "steps": str(result.step),
        "images": str(len(faces)),
        "weights": kept,
        "select": f"mean Dice {found[kept][place]:.4f} at threshold {THRESHOLDS[place]}",
    }
    LOGGER.info("%s", notes)
    return write_weights(best, out / f"{NAME}.safetensors", notes)


def losses(logits: Tensor, masks: Tensor) -> dict[str, Tensor]:
    """Cross-entropy and one minus soft Dice over the batch, of (B, h, w)."""
    entropy = F.binary_cross_entropy_with_logits(logits, masks)
    said = logits.sigmoid()
    dice = 1 - (2 * (said * masks).sum() + 1) / (said.sum() + masks.sum() + 1)
    return {"total": entropy + dice, "entropy": entropy.detach(), "dice": dice.detach()}


@torch.inference_mode()
def dice_by_threshold(network: torch.nn.Module, faces: TumourEyes, device: str = "cpu") -> np.ndarray:
    """Mean Dice over the faces with a tumour, on whole images, at each of THRESHOLDS."""
    network.eval()
    sums = np.zeros(len(THRESHOLDS))
    for part in in_parts(len(faces.ill)):
        places = faces.ill[part]
        crops = faces.crops(places, device)
        said = network(crops.flatten(0, 1)).float().sigmoid().unflatten(0, (-1, 2))
        maps = spread(said, faces.boxes[faces.rows[places]].to(device), faces.size).cpu().numpy()
        truth = faces.masks(places)
        for row, threshold in enumerate(THRESHOLDS):
            marked = maps >= threshold
            both, all_ = (marked & truth).sum(axis=(1, 2)), marked.sum(axis=(1, 2)) + truth.sum(axis=(1, 2))
            sums[row] += (2 * both / all_).sum()
    return sums / len(faces.ill)
