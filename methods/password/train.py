"""Train the face identity transformer from nothing on the train split of mema-mini."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
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
    from medbench.suites.suite import Suite

#: Training scenes that are sketched; scenes per step, each drawn on two persons and opened once.
SCENES = 400
BATCH = {"cpu": 4, "cuda": 32}
_LEARNING_RATE = 1e-3
_PICTURES_TO_START = 400


def train(
    suite: Suite,
    out: Path,
    preset: str = "mini",
    device: str = "cpu",
    resume: bool = True,
    minutes: float | None = None,
    seed: str = "0",
) -> Path:
    """Train for ``minutes`` (10 on a CPU, 4 on a GPU) and write ``out/mini.safetensors``; returns it."""
    images, pairs, sketcher, recogniser, critic = paired(suite, out, device, "password", seed)
    kind = torch.device(device).type
    network = channels_last(seeded(FaceIdentityTransformer, "password", seed))
    network.secret.start_from(halved(images.pixels[:: max(1, len(images) // _PICTURES_TO_START)]))
    network.to(device)
    reader = seeded(BitReader, "password", seed, "reader").to(device)
    network.people.copy_(codes_of(pairs, sketcher, PEOPLE))
    drawn = draw_sketches(
        out / "sketches.npy", images, pairs, sketcher, network.people, min(SCENES, len(images))
    )
    scenes = batches(images, pairs, drawn, BATCH[kind], device, ("password", seed))
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
        budget=Budget(minutes=minutes or (10.0 if kind == "cpu" else 4.0)),
        out=out,
        device=device,
        seeds=("password", seed),
        ema=0.99,
        resume=resume,
        clip=1.0,
        sheet_fn=_sheet(scenes),
        sheet_every=120.0,
    )
    trained = result.averaged["network"]
    assert isinstance(trained, FaceIdentityTransformer)
    return trained.save(out / WEIGHTS_NAME)


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
