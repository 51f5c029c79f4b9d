"""Training of the mini gaze network: fitted on the train split, chosen on the select split."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from medbench.methods.networks.frozen import write_weights
from medbench.methods.training.loop import Budget, train_stage
from medbench.methods.training.seeds import seeded
from medbench.metrics.evaluators.eye_networks import GazeNetwork
from medbench.metrics.evaluators.training.eyes import EyeImages, predicted
from medbench.weights import load_safetensors

if TYPE_CHECKING:
    from medbench.suites.suite import Suite

NAME = "gaze_mini"
BATCH = 32
LEARNING_RATE = 2e-3
WEIGHT_DECAY = 0.01
LOGGER = logging.getLogger(__name__)


def train(
    suite: Suite,
    out: Path,
    device: str = "cpu",
    minutes: float | None = 6,
    seed: str = "0",
    steps: int | None = None,
    resume: bool = True,
    tower: Path | None = None,
) -> Path:
    """Train and write ``out/gaze_mini.safetensors``; checkpoints and metrics.csv lie beside it.

    Args:
        suite: with splits ``train`` and ``select`` and the truth columns ``gaze_pitch`` and ``gaze_yaw``.
        out: folder of the run; a killed one goes on where it was.
        device: ``cpu`` or ``cuda``.
        minutes: budget of training time, None for no limit.
        seed: name from which all draws come.
        steps: stop after so many steps, if that comes first.
        resume: False starts anew.
        tower: weights of the diagnosis network of the same suite, whose tower to start from; it has
            learned where either eye looks.

    Returns:
        The weight file (fp16).
    """
    faces, select = EyeImages(suite, "train"), EyeImages(suite, "select")
    seeds = (NAME, seed)
    network = seeded(GazeNetwork, *seeds)
    if tower is not None:
        network.tower.load_state_dict(tower_weights(tower))
    truth = torch.from_numpy(angles(faces))
    stream = faces.stream(BATCH, seeds)

    def batches(step: int) -> tuple[Tensor, Tensor]:
        places = stream(step)
        return faces.varied(places, device, turned=False), truth[places].to(device)

    def step_fn(batch: tuple[Tensor, Tensor], step: int, progress: float) -> dict[str, Tensor]:
        crops, gaze = batch
        apart = (network(crops).float() - gaze).abs()
        return {
            "total": apart.mean(),
            "pitch": apart[:, 0].mean().detach(),
            "yaw": apart[:, 1].mean().detach(),
        }

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
        ema=0.998,
        resume=resume,
    )
    found = {}
    for kept, models in (("last", result.models), ("average", result.averaged)):
        found[kept] = errors(models["network"], select, device)
        LOGGER.info("select, %s weights: pitch %.2f, yaw %.2f degrees", kept, *found[kept])
    kept = min(found, key=lambda name: float(found[name].sum()))
    best = (result.models if kept == "last" else result.averaged)["network"]
    notes = {
        "suite": suite.card.name,
        "seed": seed,
        "steps": str(result.step),
        "images": str(len(faces)),
        "weights": kept,
        "select": "mean absolute error: pitch {:.3f}, yaw {:.3f} degrees".format(*found[kept]),
    }
    return write_weights(best, out / f"{NAME}.safetensors", notes)


def tower_weights(file: Path) -> dict[str, Tensor]:
    """Return the tower's tensors out of a weight file of either network."""
    prefix = "tower."
    tensors = load_safetensors(file)
    return {name.removeprefix(prefix): t for name, t in tensors.items() if name.startswith(prefix)}


def angles(faces: EyeImages) -> np.ndarray:
    """Pitch and yaw of each face in degrees, (N, 2) float32."""
    return faces.truth[["gaze_pitch", "gaze_yaw"]].to_numpy(np.float32, copy=True)


def errors(network: torch.nn.Module, faces: EyeImages, device: str = "cpu") -> np.ndarray:
    """Mean absolute error of pitch and yaw in degrees, (2,)."""
    return np.abs(predicted(network, faces, device) - angles(faces)).mean(axis=0)
