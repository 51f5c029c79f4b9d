"""Train the face identity transformer from nothing on the train split of mema-mini."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from medbench.methods.networks.memory import channels_last
from medbench.methods.networks.resample import as_kept
from medbench.methods.password.bits import PEOPLE, standing_for
from medbench.methods.password.losses import losses, tinted
from medbench.methods.password.reader import BitReader
from medbench.methods.password.transformer import WEIGHTS_NAME, FaceIdentityTransformer
from medbench.methods.training.loop import Budget, train_stage
from medbench.methods.training.paired import paired
from medbench.methods.training.seeds import seeded
from medbench.methods.training.sheet import tile
from medbench.methods.training.sketches import Scenes, batches, codes_of, draw_sketches, halved

if TYPE_CHECKING:
    from pathlib import Path

    from medbench.methods.training.job import Job

#: Training scenes that are sketched; scenes per step, each drawn on two persons and opened once.
SCENES = 400
BATCH = {"cpu": 4, "cuda": 32}
_LEARNING_RATE = 1e-3
_PICTURES_TO_START = 400


def train(job: Job) -> Path:
    """Train for 10 minutes on a CPU, 4 on a GPU, or the job's; returns ``out/mini.safetensors``, written."""
    images, pairs, sketcher, recogniser, critic = paired(job, "password")
    network = channels_last(seeded(FaceIdentityTransformer, "password", job.seed))
    network.secret.start_from(halved(images.pixels[:: max(1, len(images) // _PICTURES_TO_START)]))
    network.to(job.device)
    reader = seeded(BitReader, "password", job.seed, "reader").to(job.device)
    network.people.copy_(codes_of(pairs, sketcher, PEOPLE))
    drawn = draw_sketches(
        job.out / "sketches.npy", images, pairs, sketcher, network.people, min(SCENES, len(images))
    )
    scenes = batches(images, pairs, drawn, BATCH[job.kind], job.device, ("password", job.seed))
    secret: dict[bool, list[nn.Parameter]] = {True: [], False: []}
    for name, parameter in network.secret.named_parameters():
        secret[name.startswith("reader")].append(parameter)
    learners = [
        {"params": network.painter.parameters(), "lr": _LEARNING_RATE},
        {"params": reader.parameters(), "lr": 6 * _LEARNING_RATE},
        {"params": secret[True], "lr": 2 * _LEARNING_RATE},
        # The way back starts close to its end, and a large step would shut it.
        {"params": secret[False], "lr": 0.2 * _LEARNING_RATE},
    ]
    result = train_stage(
        "password",
        models={"network": network, "reader": reader, "critic": critic},
        optimisers={
            "total": torch.optim.AdamW(learners, betas=(0.9, 0.99), weight_decay=1e-4),
            "total_d": torch.optim.Adam(critic.parameters(), 4e-4, betas=(0.5, 0.99)),
        },
        step_fn=lambda batch, step, progress: losses(network, reader, critic, recogniser, batch),
        batches=scenes,
        budget=Budget(minutes=job.budget(cpu=10.0, cuda=4.0)),
        seeds=("password", job.seed),
        ema=0.99,
        clip=1.0,
        sheet_fn=_sheet(scenes),
        sheet_every=120.0,
        **job.stage,
    )
    trained = result.averaged["network"]
    assert isinstance(trained, FaceIdentityTransformer)
    return trained.save(job.out / WEIGHTS_NAME)


def _sheet(scenes: Callable[[int], Scenes]) -> Callable[[Mapping[str, nn.Module]], Tensor]:
    """Rows: X, the wanted face, its sketch, T(X, p), the complement's, a wrong password's."""

    def draw(models: Mapping[str, nn.Module]) -> Tensor:
        network, shown = models["network"], scenes(10_000_019)
        count = len(shown.images)
        bits = standing_for(shown.people)
        wanted, sketches = (tinted(x, shown.heads, bits) for x in (shown.wanted, shown.sketches))
        protected = network(shown.images, sketches[:count], bits[:count]).picture
        held = as_kept(protected)
        right, wrong = (network(held, sketches[count:], p).picture for p in (-bits[:count], bits[count:]))
        return tile([shown.images, wanted[:count], sketches[:count], protected, right, wrong])

    return draw
