"""Train Personal's encoder: from the shared one, on patients' pictures and on heads with turned codes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import cast

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from medbench.methods.medsem.method import MedSemDeID
from medbench.methods.medsem.network import MedSem
from medbench.methods.networks.frozen import freeze, write_weights
from medbench.methods.networks.style_encoder import StyleEncoder
from medbench.methods.networks.style_prior import StylePrior
from medbench.methods.personal.losses import Scenes, personal_losses
from medbench.methods.personal.model import Disentangler, composite
from medbench.methods.personal.turned import (
    Turned,
    draw_turned,
    find_axes,
    read_all,
    set_gain,
    set_size,
    small,
    truth,
)
from medbench.methods.training.data import IndexStream, TrainingImages
from medbench.methods.training.job import Job
from medbench.methods.training.loop import train_stage
from medbench.methods.training.schedule import Budget
from medbench.methods.training.sheet import tile

#: Pictures that are drawn with turned codes, evenly over the split.
PICTURES = 400
BATCH = 8
LEARNING_RATE = 2e-5


def train(job: Job) -> Path:
    """Train on the train split of mema-mini; writes and returns ``out/mini.safetensors``.

    All presets share the weights. Starts from the shared style prior and its encoder, and takes the
    recogniser of the losses from the weights of ``ours``.
    """
    job.require_renderer("personal learns from a renderer's truth")
    images = TrainingImages(job.suite, "train")
    rows = np.arange(0, len(images), max(1, len(images) // PICTURES))
    prior, reads = StylePrior.from_file(), Disentangler(StyleEncoder.from_file())
    find_axes(reads, images, rows)
    turned = draw_turned(prior, reads, images, rows, job.out / "turned.npz", job.seed)
    reads.requires_grad_(True)
    batches = scenes(prior, images, rows, turned, job.seed)
    alike = recogniser(job.device)

    def step_fn(batch: Scenes, step: int, progress: float) -> dict[str, Tensor]:
        return personal_losses(prior, reads, Scenes(*(part.to(job.device) for part in batch)), alike)

    result = train_stage(
        "encoder",
        models={"reads": reads},
        optimisers={"total": torch.optim.AdamW(reads.parameters(), LEARNING_RATE, weight_decay=1e-3)},
        step_fn=step_fn,
        batches=batches,
        budget=Budget(minutes=job.budget(cpu=6.0, cuda=3.0)),
        seeds=("personal", job.seed),
        ema=0.99,
        sheet_fn=sheet(prior, batches),
        **job.stage,
    )
    trained = freeze(cast("Disentangler", result.averaged["reads"]).cpu())
    set_size(trained, read_all(trained, images, rows))
    set_gain(trained, turned)
    notes = {"network": "Disentangler", "steps": str(result.step), "images": str(len(rows))}
    return write_weights(trained, job.out / "mini.safetensors", notes)


def scenes(
    prior: StylePrior, images: TrainingImages, rows: np.ndarray, turned: Turned, seed: str
) -> Callable[[int], Scenes]:
    """Batches, a pure function of the step; rows of ``turned`` are those of ``rows``."""
    identity, scene = truth(prior, [str(name) for name in images.truth["id"].iloc[rows]])
    stream = IndexStream(len(rows), BATCH, ("personal", seed))

    def batch(step: int) -> Scenes:
        chosen = stream(step)
        shown = torch.from_numpy(turned.faces[chosen]).permute(0, 3, 1, 2).float() / 255
        known = (torch.from_numpy(part[chosen]) for part in (turned.units, turned.scenes, turned.patients))
        return Scenes(small(images, rows[chosen]), identity[chosen], scene[chosen], shown, *known)

    return batch


def recogniser(device: str) -> Callable[[Tensor], Tensor]:
    """The recogniser of the losses for faces (B, 3, 128, 128)."""
    network = freeze(MedSem.from_file(MedSemDeID.weights).recogniser).to(device)

    def alike(faces: Tensor) -> Tensor:
        return network.embed(F.interpolate(faces, scale_factor=2, mode="bilinear", align_corners=False))

    return alike


def sheet(prior: StylePrior, batches: Callable[[int], Scenes]) -> Callable[[Mapping[str, nn.Module]], Tensor]:
    """Rows: patients, with turned codes, turned back and drawn."""

    def draw(models: Mapping[str, nn.Module]) -> Tensor:
        reads = cast("Disentangler", getattr(models["reads"], "module", models["reads"]))
        shown = batches(10_000_019)
        seen = reads.drawn(shown.turned)
        back = prior(reads.own(shown.patient_units + seen.units - shown.units), seen.scene)
        again = composite(shown.turned, back, prior(seen.identity, seen.scene))
        return tile([shown.faces, shown.turned, again])

    return draw
