"""Training of the sign detector from one label per picture: its disease."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from medbench.core import DISEASES
from medbench.methods.networks.frozen import freeze, write_weights
from medbench.methods.networks.sign_detector import EYE, REGION, SignDetector, image_logits
from medbench.methods.training.data import IndexStream, TrainingImages
from medbench.methods.training.loop import Budget, train_stage
from medbench.methods.training.precision import fast
from medbench.methods.training.seeds import seeded

if TYPE_CHECKING:
    from medbench.methods.training.job import Job

BATCH, STEPS = 32, 4000
FILE = "detector.safetensors"
#: Pixels by which an eye is cut beside its centre.
_JITTER = 3
#: Height and width of a random crop, in regions, smallest and largest.
#: Share of the training in which all regions count, before only the largest does.
_SOFT = 0.6
_CROP = ((8, EYE[0] // REGION), (10, EYE[1] // REGION))


def train_detector(images: TrainingImages, centres: np.ndarray, job: Job) -> SignDetector:
    """Train on ``images`` with eye centres (N, 2, 2) as (x, y); writes ``out/detector.safetensors``.

    The only labels are the pictures' diseases: nothing says which eye, or where.
    """
    net = seeded(SignDetector, "sign detector", job.seed)

    def step_fn(batch: tuple[Tensor, Tensor], step: int, progress: float) -> dict[str, Tensor]:
        with fast(batch[0].device):
            value, right = detector_loss(net, *batch, None if progress > _SOFT else 1 + 8 * progress)
        return {"total": value, "right": right}

    result = train_stage(
        "detector",
        models={"net": net},
        optimisers={"total": torch.optim.AdamW(net.parameters(), 2e-3, weight_decay=2e-2)},
        step_fn=step_fn,
        batches=eye_batches(images, centres, job.device, job.seed),
        budget=Budget(steps=STEPS, minutes=job.minutes),
        seeds=("sign detector", job.seed),
        ema=0.99,
        clip=5.0,
        **job.stage,
    )
    trained = result.averaged["net"]
    write_weights(trained, job.out / FILE, {"network": "SignDetector", "steps": str(result.step)})
    assert isinstance(trained, SignDetector)
    return freeze(trained)


def detector_loss(
    net: SignDetector, eyes: Tensor, disease: Tensor, sharpness: float | None = None
) -> tuple[Tensor, Tensor]:
    """Binary cross-entropy of each disease's largest region score, and the share of right answers.

    Args:
        net: The detector.
        eyes: Both eyes of each picture, (B, 2, 3, h, w).
        disease: One column per disease, 1 for the picture's own, (B, 7); none for a healthy one.
        sharpness: See :func:`image_logits`.
    """
    logits = image_logits(net(eyes)[1].float(), sharpness)
    right = ((logits > 0) == (disease > 0.5)).all(1).float().mean()
    return F.binary_cross_entropy_with_logits(logits, disease), right


def eye_batches(
    images: TrainingImages, centres: np.ndarray, device: str, seed: str
) -> Callable[[int], tuple[Tensor, Tensor]]:
    """Eyes and labels of a step, a pure function of the step."""
    healthy = DISEASES.index("Normal")
    answers = np.delete(np.eye(len(DISEASES), dtype=np.float32), healthy, axis=1)
    answers = answers[images.codes("disease", DISEASES)]
    stream = IndexStream(len(images), BATCH, ("sign detector", seed))

    def batch(step: int) -> tuple[Tensor, Tensor]:
        rows, rng = stream(step), stream.rng(step)
        # Every fourth step sees a part of each eye, so that one region does not answer for all.
        part = step % 4 == 3
        tall, wide = (REGION * int(rng.integers(low, high + 1)) for low, high in _CROP) if part else EYE
        eyes = np.empty((BATCH, 2, tall, wide, 3), np.uint8)
        free = [(full - side) / 2 + _JITTER for full, side in zip(EYE, (tall, wide), strict=True)]
        for index, row in enumerate(rows):
            down, out = rng.uniform(-free[0], free[0]), rng.uniform(-free[1], free[1])
            for eye in range(2):
                x, y = centres[row, eye] + ((out, down) if eye else (-out, down))
                top = int(np.clip(round(y - tall / 2), 0, 256 - tall))
                left = int(np.clip(round(x - wide / 2), 0, 256 - wide))
                cut = images.pixels[row, top : top + tall, left : left + wide]
                eyes[index, eye] = cut[:, ::-1] if eye else cut
        light = rng.uniform(0.85, 1.15, (BATCH, 1, 1, 1, 1)) * rng.uniform(0.97, 1.03, (BATCH, 1, 1, 1, 3))
        lit = (eyes / np.float32(255) * light.astype(np.float32)).clip(0, 1)
        if rng.random() < 0.5:
            lit = lit[:, ::-1]
        tensor = torch.from_numpy(np.ascontiguousarray(lit)).to(device).permute(0, 1, 4, 2, 3)
        return tensor, torch.from_numpy(answers[rows]).to(device)

    return batch
