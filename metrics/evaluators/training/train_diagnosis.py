"""Training of the mini disease classifier: fitted on the train split, chosen on the select split."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from medbench.core import DISEASES
from medbench.methods.networks.frozen import write_weights
from medbench.methods.training.loop import Budget, train_stage
from medbench.methods.training.seeds import seeded
from medbench.metrics.evaluators.eye_networks import DiagnosisNetwork, features_of
from medbench.metrics.evaluators.training.eye_truth import EyeTeacher, EyeTruth
from medbench.metrics.evaluators.training.eyes import EyeImages, predicted

if TYPE_CHECKING:
    from medbench.suites.suite import Suite

NAME = "diagnosis_mini"
BATCH = 32
LEARNING_RATE = 2e-3
WEIGHT_DECAY = 0.03
SMOOTHING = 0.05
LOGGER = logging.getLogger(__name__)


def train(
    suite: Suite,
    out: Path,
    device: str = "cpu",
    minutes: float | None = 20,
    seed: str = "0",
    steps: int | None = None,
    resume: bool = True,
) -> Path:
    """Train and write ``out/diagnosis_mini.safetensors``; checkpoints and metrics.csv lie beside it.

    Args:
        suite: with splits ``train`` and ``select`` and the truth column ``disease``.
        out: folder of the run; a killed one goes on where it was.
        device: ``cpu`` or ``cuda``.
        minutes: budget of training time, None for no limit.
        seed: name from which all draws come.
        steps: stop after so many steps, if that comes first.
        resume: False starts anew.

    Returns:
        The weight file (fp16).
    """
    faces, select = EyeImages(suite, "train"), EyeImages(suite, "select")
    network, notes = fit(faces, select, out, device, Budget(steps=steps, minutes=minutes), seed, resume)
    return write_weights(
        network, out / f"{NAME}.safetensors", {"suite": suite.card.name, "seed": seed, **notes}
    )


def fit(
    faces: EyeImages,
    select: EyeImages,
    out: Path,
    device: str,
    budget: Budget,
    seed: str,
    resume: bool = True,
) -> tuple[DiagnosisNetwork, dict[str, str]]:
    """Fit to ``faces``; of the last weights and their running average, the better on ``select`` is kept.

    Returns:
        The network, and notes for its weight file.
    """
    seeds = (NAME, seed)
    network = seeded(DiagnosisNetwork, *seeds)
    teacher, eyes = seeded(EyeTeacher, *seeds, "teacher"), EyeTruth(faces.truth)
    labels = torch.from_numpy(codes(faces))
    stream = faces.stream(BATCH, seeds)

    def batches(step: int) -> tuple[Tensor, np.ndarray]:
        places = stream(step)
        return faces.varied(places, device), places

    def step_fn(batch: tuple[Tensor, np.ndarray], step: int, progress: float) -> dict[str, Tensor]:
        crops, places = batch
        label = labels[places].to(device)
        features = features_of(network.tower, crops)
        logits = network.judge(features).float()
        right = (logits.detach().argmax(1) == label).float().mean()
        loss = F.cross_entropy(logits, label, label_smoothing=SMOOTHING)
        losses = {"total": loss, "diagnosis": loss.detach(), "right": right}
        if eyes.known:
            targets = (eyes.signs[places].to(device), eyes.numbers[places].to(device))
            losses["eyes"] = teacher(features, *targets)
            losses["total"] = loss + losses["eyes"]
        return losses

    parameters = [*network.parameters(), *teacher.parameters()]
    result = train_stage(
        NAME,
        models={"network": network, "teacher": teacher},
        optimisers={"total": torch.optim.AdamW(parameters, LEARNING_RATE, weight_decay=WEIGHT_DECAY)},
        step_fn=step_fn,
        batches=batches,
        budget=budget,
        out=out,
        device=device,
        seeds=seeds,
        ema=0.998,
        resume=resume,
    )
    found = {}
    for kept, models in (("last", result.models), ("average", result.averaged)):
        found[kept] = class_accuracies(models["network"], select, device)
        LOGGER.info("select, %s weights: %s", kept, _line(found[kept]))
    kept = max(found, key=lambda name: float(np.nanmean(found[name])))
    best = (result.models if kept == "last" else result.averaged)["network"]
    assert isinstance(best, DiagnosisNetwork)
    notes = {
        "steps": str(result.step),
        "images": str(len(faces)),
        "weights": kept,
        "select": _line(found[kept]),
    }
    return best, notes


def codes(faces: EyeImages) -> np.ndarray:
    """Disease of each face as its place in DISEASES, (N,) int64."""
    order = {name: code for code, name in enumerate(DISEASES)}
    return np.array([order[name] for name in faces.truth["disease"]], dtype=np.int64)


def class_accuracies(network: torch.nn.Module, faces: EyeImages, device: str = "cpu") -> np.ndarray:
    """Share of each disease's faces that are told right, (8,); NaN for a disease without faces."""
    truth = codes(faces)
    right = predicted(network, faces, device).argmax(1) == truth
    members = [truth == code for code in range(len(DISEASES))]
    return np.array([right[member].mean() if member.any() else np.nan for member in members])


def _line(shares: np.ndarray) -> str:
    each = ", ".join(f"{name} {share:.3f}" for name, share in zip(DISEASES, shares, strict=True))
    return f"mean {np.nanmean(shares):.4f} ({each})"
