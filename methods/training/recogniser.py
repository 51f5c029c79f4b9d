"""Training of the losses' recogniser: CosFace on the train split's subjects, hardened against noise."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
import torch.nn.functional as F
from torch import nn

from medbench.methods.networks.frozen import write_weights
from medbench.methods.networks.recogniser import EMBEDDING, FACE, INPUT_SIZE, Recogniser
from medbench.methods.training.augment import augment_faces
from medbench.methods.training.data import IndexStream, TrainingImages, mirrored
from medbench.methods.training.loop import Budget, train_stage
from medbench.methods.training.seeds import seeded

if TYPE_CHECKING:
    from pathlib import Path

    from torch import Tensor

    from medbench.methods.training.job import Job

BATCH = 64
LEARNING_RATE = 2e-3
SCALE = 24.0
MARGIN = 0.3
#: One signed gradient step of this size hardens half of each batch, so that the losses' gradients
#: change faces instead of painting patterns on them.
ADVERSARIAL = 4 / 255
#: Share of the budget before hardening begins.
EASY = 0.4
FILE = "recogniser.safetensors"


class CosFace(nn.Module):
    """Class centres and the large-margin cosine loss (Wang et al. 2018)."""

    def __init__(self, subjects: int) -> None:
        super().__init__()
        # Short vectors turn quickly under Adam, whose steps do not depend on the scale.
        self.centres = nn.Parameter(0.05 * torch.randn(subjects, EMBEDDING))

    def forward(self, codes: Tensor, subject: Tensor, margin: float) -> tuple[Tensor, Tensor]:
        """Return the loss and the share of right subjects for unit codes (B, 128) and subjects (B,)."""
        with torch.autocast(codes.device.type, enabled=False):
            cosines = codes.float() @ F.normalize(self.centres, dim=1).T
        asked = F.one_hot(subject, len(self.centres))
        loss = F.cross_entropy(SCALE * (cosines - margin * asked), subject)
        return loss, (cosines.argmax(dim=1) == subject).float().mean()


def train_recogniser(images: TrainingImages, job: Job, steps: int | None = None) -> Path:
    """Train the losses' recogniser on 256 px images with the truth column ``subject``.

    The stage ``out/recogniser`` ends with the job's minutes, or after ``steps`` if that comes first.
    Returns ``out/recogniser.safetensors`` (fp16), for :meth:`Recogniser.from_file`.
    """
    seeds = ("recogniser", job.seed)
    net = seeded(Recogniser, *seeds)
    subjects = torch.from_numpy(images.resident(job.device).codes("subject"))
    loss = seeded(lambda: CosFace(int(subjects.max()) + 1), *seeds, "centres")
    stream = IndexStream(len(images), BATCH, seeds)

    def batches(step: int) -> tuple[Tensor, Tensor]:
        rows = stream(step)
        crops = mirrored(images.tensor(rows, job.device, FACE), stream.flips(step))
        faces = F.avg_pool2d(crops, crops.shape[-1] // INPUT_SIZE)
        return faces, subjects[rows].to(job.device)

    def step_fn(batch: tuple[Tensor, Tensor], step: int, progress: float) -> dict[str, Tensor]:
        faces, subject = augment_faces(batch[0]), batch[1]
        margin = MARGIN * min(1.0, 2 * progress)
        if progress > EASY:
            half = len(faces) // 2
            hard = _hardened(net, loss, faces[:half], subject[:half], margin)
            faces = torch.cat([hard, faces[half:]])
        value, right = loss(net.embed_face(faces), subject, margin)
        return {"total": value, "right": right}

    parameters = [*net.parameters(), *loss.parameters()]
    result = train_stage(
        "recogniser",
        models={"net": net, "loss": loss},
        optimisers={"total": torch.optim.AdamW(parameters, LEARNING_RATE, weight_decay=2e-2)},
        step_fn=step_fn,
        batches=batches,
        budget=Budget(steps=steps, minutes=job.minutes),
        seeds=seeds,
        ema=0.99,
        clip=5.0,
        **job.stage,
    )
    notes = {"network": "Recogniser", "steps": str(result.step), "images": str(len(images))}
    return write_weights(result.averaged["net"], job.out / FILE, notes)


def recogniser_in(job: Job) -> Path:
    """The file of :func:`train_recogniser` in the job's folder, trained first where it is not there."""
    file = job.out / FILE
    return file if file.is_file() else train_recogniser(TrainingImages(job.suite, "train"), job)


def _hardened(net: Recogniser, loss: CosFace, faces: Tensor, subject: Tensor, margin: float) -> Tensor:
    start = (torch.rand_like(faces) * 2 - 1) * ADVERSARIAL
    probe = (faces + start).requires_grad_()
    value, _ = loss(net.embed_face(probe), subject, margin)
    (slope,) = torch.autograd.grad(value, probe)
    moved = (start + ADVERSARIAL * slope.sign()).clamp(-ADVERSARIAL, ADVERSARIAL)
    return (faces + moved).clamp(0, 1).detach()
