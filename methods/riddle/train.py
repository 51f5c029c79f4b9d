"""Train the latent encryptor; the style prior and its encoder stay as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, cast

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from medbench.core import MedbenchError
from medbench.methods.face_window import Window
from medbench.methods.networks.frozen import write_weights
from medbench.methods.networks.head_swap import head_swap
from medbench.methods.networks.recogniser import Recogniser
from medbench.methods.networks.style_encoder import StyleEncoder
from medbench.methods.networks.style_prior import StylePrior
from medbench.methods.riddle.look import Look, taught_look
from medbench.methods.riddle.losses import Round, riddle_losses
from medbench.methods.riddle.model import Core, Riddle
from medbench.methods.training.data import IndexStream, TrainingImages
from medbench.methods.training.loop import Budget, train_stage
from medbench.methods.training.recogniser import recogniser_in
from medbench.methods.training.seeds import seeded
from medbench.methods.training.sheet import tile

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from medbench.methods.training.job import Job

MINUTES = 8.0
RECOGNISER_MINUTES = 10.0
BATCH = 32
#: Pictures whose readings stand for W+ of patients, and protected ones on which reading errors are measured.
PICTURES, PROTECTED = 400, 50


class Patients(NamedTuple):
    """Codes (B, IDENTITY) and scenes (B, SCENE) as read; shares (IDENTITY,) and errors of reading again."""

    codes: Tensor
    scenes: Tensor
    shares: Tensor
    errors: Tensor


def train(job: Job) -> Path:
    """Train on the train split of mema-mini and write ``out/mini.safetensors``; returns that file.

    The job's ``minutes`` are the encryptor's. The losses' recogniser is trained first, for ten minutes; a
    ``recogniser.safetensors`` that lies in ``out`` is used instead.
    """
    job.require_renderer("the prior draws mema-mini's heads")
    if job.preset != "mini":
        raise MedbenchError(f"riddle has no weights of preset {job.preset}: train --preset mini")
    images = TrainingImages(job.suite, "train")
    phi = recogniser_in(job.part(RECOGNISER_MINUTES))
    core = seeded(Core, "riddle", job.seed)
    riddle = Riddle(StylePrior.from_file(), StyleEncoder.from_file(), core).to(job.device)
    standardise(riddle)
    look = taught_look(riddle, Recogniser.from_file(phi).to(job.device), job.device, job.seed)
    batches = patients(riddle, images, job.device, job.seed)
    result = train_stage(
        "riddle",
        models={"core": core},
        optimisers={"total": torch.optim.AdamW(core.encryptor.parameters(), lr=1e-3, weight_decay=1e-3)},
        step_fn=lambda batch, step, progress: step_losses(riddle, look, batch),
        batches=batches,
        budget=Budget(minutes=job.minutes or MINUTES),
        seeds=("riddle", job.seed),
        ema=0.995,
        sheet_fn=_sheet(riddle, batches),
        **job.stage,
    )
    averaged = _inner(result.averaged["core"])
    notes = {"steps": str(result.step), "seed": job.seed}
    return write_weights(averaged, job.out / "mini.safetensors", notes)


@torch.no_grad()
def standardise(riddle: Riddle, people: int = 3000) -> None:
    """Mean and size of the person's styles, from sampled people."""
    codes = riddle.prior.sample(np.random.default_rng(0), people)
    styles = riddle.prior.person_styles(codes)
    size = styles.std(0)
    # A number that hardly varies hardly matters, and the pose's own places do not vary at all.
    riddle.core.size.copy_(size.clamp(min=0.2 * float(size.mean())))
    riddle.core.mean.copy_(styles.mean(0))


def step_losses(riddle: Riddle, look: Look, batch: Patients) -> dict[str, Tensor]:
    """One round: encryption under two passwords, reading again, decryption with the right and wrong ones."""
    prior, true = riddle.prior, batch.codes
    count = len(true)
    keys = prior.definite(torch.randn(4 * count, prior.IDENTITY, device=true.device))
    first, second = riddle.crypt(true.repeat(2, 1), keys[: 2 * count]).split(count)
    read = batch.shares * first + batch.errors
    opened = riddle.crypt(read.repeat(3, 1), torch.cat([keys[:count], keys[2 * count :]]))
    return riddle_losses(prior, look, Round(true, first, second, *opened.split(count)))


@torch.no_grad()
def reading(riddle: Riddle, pictures: Tensor, codes: Tensor, scenes: Tensor) -> tuple[Tensor, Tensor]:
    """How the encoder reads people whom the prior laid into pictures, as 8 bits.

    Returns:
        The share of each number of a code that comes back (IDENTITY,), and the rest's errors (B, IDENTITY).
    """
    prior = riddle.prior
    others = prior.sample(np.random.default_rng(2), len(codes)).to(codes)
    own, heads = prior(codes, scenes)[:, 3:], prior(others, scenes)
    seen = head_swap(pictures, heads, own, Window(0, 0, prior.SIDE))
    read, _ = riddle.encoder.encode((seen * 255).round() / 255)
    shares = ((read * others).mean(0) / others.square().mean(0)).clamp(0, 1)
    return shares, read - shares * others


@torch.no_grad()
def patients(riddle: Riddle, images: TrainingImages, device: str, seed: str) -> Callable[[int], Patients]:
    """Batches of a step, a pure function of the step: what the encoder reads from training pictures."""
    rows = np.linspace(0, len(images) - 1, min(PICTURES, len(images))).astype(int)
    parts = [riddle.encoder.encode(_small(images, part, device)) for part in np.array_split(rows, 20)]
    codes, scenes = (torch.cat(column) for column in zip(*parts, strict=True))
    some = slice(0, None, max(1, len(rows) // PROTECTED))
    shares, errors = reading(riddle, _small(images, rows[some], device), codes[some], scenes[some])
    stream = IndexStream(len(rows), BATCH, ("riddle", seed))

    def batch(step: int) -> Patients:
        chosen = stream(step)
        which = stream.rng(step).integers(len(errors), size=len(chosen))
        return Patients(codes[chosen], scenes[chosen], shares, errors[which])

    return batch


def _small(images: TrainingImages, rows: np.ndarray, device: str) -> Tensor:
    return F.avg_pool2d(images.tensor(rows, device), 2)


def _sheet(riddle: Riddle, batches: Callable[[int], Patients]) -> Callable[[Mapping[str, nn.Module]], Tensor]:
    """Rows: patients as the prior draws them, two passwords, the right one again, a wrong one."""

    def draw(models: Mapping[str, nn.Module]) -> Tensor:
        averaged = Riddle(riddle.prior, riddle.encoder, cast("Core", _inner(models["core"])))
        shown = batches(10_000_019)
        true, scenes = shown.codes[:8], shown.scenes[:8]
        first_key, second_key, wrong_key = averaged.prior.sample(np.random.default_rng(1), 24).split(8)
        first, second = averaged.crypt(true, first_key), averaged.crypt(true, second_key)
        rows = (true, first, second, averaged.crypt(first, first_key), averaged.crypt(first, wrong_key))
        return tile([averaged.prior(codes, scenes)[:, :3] for codes in rows])

    return draw


def _inner(module: nn.Module) -> nn.Module:
    return cast("nn.Module", getattr(module, "module", module))
