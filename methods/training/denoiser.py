"""Training of the denoising UNet whose first half is Enc_med."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from medbench.core import DISEASES
from medbench.methods.networks.denoising_unet import BAND, NULL_LABEL, DenoisingUNet, denoise
from medbench.methods.networks.diffusion import noised
from medbench.methods.networks.frozen import write_weights
from medbench.methods.training.data import IndexStream, TrainingImages, mirrored
from medbench.methods.training.loop import Budget, train_stage
from medbench.methods.training.seeds import seeded
from medbench.methods.training.sheet import tile

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from torch import Tensor, nn

    from medbench.methods.training.job import Job

BATCH = 16
LABEL_DROPPED = 0.2
LEARNING_RATE = 1e-3
#: The band is cut up to this many pixels off its place, so that features do not hang on it.
SHIFT = 6


def train_denoiser(images: TrainingImages, job: Job, steps: int | None = None) -> Path:
    """Train the denoising UNet on eye bands and write its first half.

    Args:
        images: The train split; 256 px images with the truth column ``disease``.
        job: Its ``minutes`` are the budget; the stage lies in ``out/denoiser``.
        steps: Stop after so many steps, if that comes first.

    Returns:
        ``out/enc_med.safetensors`` (fp16), for :class:`...networks.medical_encoder.MedicalEncoder`.
    """
    seeds = ("denoiser", job.seed)
    unet = seeded(DenoisingUNet, *seeds)
    labels = torch.from_numpy(images.resident(job.device).codes("disease", DISEASES))
    stream = IndexStream(len(images), BATCH, seeds)

    def batches(step: int) -> tuple[Tensor, Tensor]:
        rows = stream(step)
        down, right = stream.rng(step).integers(-SHIFT, SHIFT + 1, size=2)
        crop = (BAND[0] + down, BAND[1] + down, BAND[2] + right, BAND[3] + right)
        bands = images.tensor(rows, job.device, crop)
        return mirrored(bands, stream.flips(step)) * 2 - 1, labels[rows].to(job.device)

    def step_fn(batch: tuple[Tensor, Tensor], step: int, progress: float) -> dict[str, Tensor]:
        clean, label = batch
        count = len(clean)
        time = torch.rand(count, device=clean.device)
        told = torch.where(torch.rand(count, device=clean.device) < LABEL_DROPPED, NULL_LABEL, label)
        dirty, velocity = noised(clean, torch.randn_like(clean), time)
        error = (unet(dirty, time, told) - velocity).square().mean(dim=(1, 2, 3)).float()
        return {
            "total": error.mean(),
            "little_noise": error.detach()[time < 0.3].sum() / (time < 0.3).sum().clamp(min=1),
            "much_noise": error.detach()[time > 0.7].sum() / (time > 0.7).sum().clamp(min=1),
        }

    result = train_stage(
        "denoiser",
        models={"unet": unet},
        optimisers={
            "total": torch.optim.AdamW(unet.parameters(), LEARNING_RATE, (0.9, 0.99), weight_decay=1e-2)
        },
        step_fn=step_fn,
        batches=batches,
        budget=Budget(steps=steps, minutes=job.minutes),
        seeds=seeds,
        ema=0.998,
        sheet_fn=_sheet,
        **job.stage,
    )
    trained = result.averaged["unet"]
    assert isinstance(trained, DenoisingUNet)
    notes = {"network": "FirstHalf", "steps": str(result.step), "images": str(len(images))}
    return write_weights(trained.first, job.out / "enc_med.safetensors", notes)


def _sheet(models: Mapping[str, nn.Module]) -> Tensor:
    unet = models["unet"]
    assert isinstance(unet, DenoisingUNet)
    device = next(unet.parameters()).device
    top, bottom, left, right = BAND
    generator = torch.Generator().manual_seed(0)
    noise = torch.randn((len(DISEASES), 3, bottom - top, right - left), generator=generator)
    drawn = denoise(unet, noise.to(device), torch.arange(len(DISEASES), device=device)) / 2 + 0.5
    return tile(list(drawn.split(4)))
