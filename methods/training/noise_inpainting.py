"""Training of generators whose noise picks the face: DeepPrivacy and DeepPrivacy2."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from medbench.methods.inpainting import Sight
from medbench.methods.networks.inpainting import Inpainter
from medbench.methods.training.average_face import set_average
from medbench.methods.training.data import IndexStream, TrainingImages
from medbench.methods.training.face_codes import face_codes
from medbench.methods.training.holes import Examples, Holes
from medbench.methods.training.inpainting import BATCH, train_inpainter
from medbench.methods.training.job import Job
from medbench.methods.training.seeds import seeded

#: Signs that are a matter of shape, which the codes know; tumours and redness would only blur.
_SHAPED = ("Normal", "Ptosis", "Strab", "TAO")
#: Every so many of these pictures is taken.
_EVERY = 3
STEPS = 200
_RIDGE = 30.0


@dataclass(frozen=True)
class Noised:
    """Pictures with holes, and the noise that stands for each of their faces (B, 64)."""

    holes: Holes
    noise: Tensor


def train_from_noise(
    name: str,
    build: Callable[[], Inpainter],
    sight: Sight,
    job: Job,
) -> Path:
    """Train the generator that ``build`` makes; writes and returns ``out/mini.safetensors``.

    In training the noise of a picture is what the renderer knows of its face (``face_codes``), so
    that each noise has one right answer; later it is drawn from N(0, 1).

    Raises:
        MedbenchError: the suite is not mema-mini.
    """
    job.require_renderer(f"{name} is trained on what a renderer knows")
    images = TrainingImages(job.suite, "train")
    rows = np.flatnonzero(images.truth["disease"].isin(_SHAPED))[::_EVERY]
    examples = Examples(images, rows, sight, job.out)
    codes = torch.from_numpy(face_codes(list(images.truth["id"].iloc[examples.rows]))).to(job.device)
    network = seeded(build, name, job.seed)
    set_average(network, examples, codes, _RIDGE)
    stream = IndexStream(len(examples), BATCH if job.kind == "cpu" else 64, (name, job.seed))

    def batches(step: int) -> Noised:
        which = stream(step)
        return Noised(examples.batch(which, job.device), codes[which])

    def draw(net: nn.Module, batch: Noised) -> tuple[Tensor, dict[str, Tensor]]:
        holes = batch.holes
        return net(holes.context, holes.guide, holes.grid, batch.noise), {}

    return train_inpainter(name, network, batches, draw, job, STEPS)
