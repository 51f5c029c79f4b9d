"""Train G2Face's fusion from nothing on the train split of mema-mini."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from medbench.methods.g2face.fusion import WEIGHTS_NAME, Fusion
from medbench.methods.g2face.losses import Scenes, drawn, losses
from medbench.methods.g2face.scenes import batches, prepare
from medbench.methods.networks.memory import channels_last
from medbench.methods.networks.sketch import Sketcher
from medbench.methods.training.loop import Budget, train_stage
from medbench.methods.training.paired import paired
from medbench.methods.training.seeds import seeded
from medbench.methods.training.sheet import tile

if TYPE_CHECKING:
    from pathlib import Path

    from medbench.methods.training.job import Job

#: Training scenes that are prepared.
SCENES = 400
BATCH = {"cpu": 4, "cuda": 32}
_LEARNING_RATE = 1e-3


def train(job: Job) -> Path:
    """Train for 10 minutes on a CPU, 4 on a GPU, or the job's; returns ``out/mini.safetensors``, written."""
    images, pairs, sketcher, recogniser, critic = paired(job, "g2face")
    fusion = channels_last(seeded(Fusion, "g2face", job.seed), job.device)
    ready = prepare(job.out / "scenes.safetensors", images, pairs, sketcher, min(SCENES, len(images)))
    scenes = batches(images, pairs, ready, BATCH[job.kind], job.device, ("g2face", job.seed))
    result = train_stage(
        "g2face",
        models={"fusion": fusion, "critic": critic},
        optimisers={
            "total": torch.optim.Adam(fusion.parameters(), _LEARNING_RATE, betas=(0.5, 0.99)),
            "total_d": torch.optim.Adam(critic.parameters(), 4e-4, betas=(0.5, 0.99)),
        },
        step_fn=lambda batch, step, progress: losses(sketcher.prior, fusion, critic, recogniser, batch),
        batches=scenes,
        budget=Budget(minutes=job.budget(cpu=10.0, cuda=4.0)),
        seeds=("g2face", job.seed),
        ema=0.99,
        clip=1.0,
        sheet_fn=_sheet(sketcher, scenes),
        sheet_every=120.0,
        **job.stage,
    )
    trained = result.averaged["fusion"]
    assert isinstance(trained, Fusion)
    return trained.save(job.out / WEIGHTS_NAME)


def _sheet(
    sketcher: Sketcher, scenes: Callable[[int], Scenes]
) -> Callable[[Mapping[str, nn.Module]], Tensor]:
    """Rows: X, the wanted face, the protected one, the restored one."""

    def draw(models: Mapping[str, nn.Module]) -> Tensor:
        fusion, shown = models["fusion"], scenes(10_000_019)
        assert isinstance(fusion, Fusion)
        protected = drawn(sketcher.prior, fusion, shown.images, shown.other, shown)
        restored = drawn(sketcher.prior, fusion, protected, shown.own, shown)
        return tile([shown.images, shown.wanted, protected, restored])

    return draw
