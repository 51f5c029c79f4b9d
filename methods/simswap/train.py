"""Train the mini preset: rendered swaps first, SimSwap's critic joins half-way."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import cast

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from medbench.methods.classical.alignment import SIDE
from medbench.methods.networks.discriminator import PatchDiscriminator, hinge_d
from medbench.methods.networks.eigenfaces import small_pictures
from medbench.methods.networks.frozen import write_weights
from medbench.methods.networks.recogniser import Recogniser
from medbench.methods.simswap.losses import Swaps, embed, generator_losses
from medbench.methods.simswap.model import Generator
from medbench.methods.simswap.pairs import draw_pairs
from medbench.methods.training.data import IndexStream, mirrored
from medbench.methods.training.job import Job
from medbench.methods.training.loop import Budget, train_stage
from medbench.methods.training.recogniser import recogniser_in
from medbench.methods.training.seeds import generator, seeded
from medbench.methods.training.sheet import tile

BATCH = 8
#: Of them, how many are given their own person: the reconstruction of SimSwap.
SAME = 1
LEARNING_RATE = 1e-3
#: About twelve minutes on one core.
STEPS = 2000
RECOGNISER_MINUTES = 8.0
#: Share of the time before the critic joins.
_PAIRS_ALONE = 0.5


class Pairs:
    """Batches of a step, from drawn pairs (people, scenes, 3, 128, 128, 3)."""

    def __init__(
        self, drawn: np.ndarray, recogniser: Recogniser, device: str, seeds: tuple[str, ...]
    ) -> None:
        self.drawn, self.device = drawn, device
        self.people, self.scenes = drawn.shape[:2]
        self.stream = IndexStream(self.people * self.scenes, BATCH, seeds)
        self.own, self.other = (_looks(recogniser, drawn[:, :, which], device) for which in (0, 2))

    @property
    def gallery(self) -> Tensor:
        """Each person's mean embedding, (people, 128)."""
        return F.normalize(self.other.mean(1), dim=1)

    def small(self) -> tuple[np.ndarray, np.ndarray, Tensor]:
        """Small crops and wanted swaps (n, 3, 32, 32), and the embeddings of who is wanted (n, 128)."""
        crops, swaps = (
            small_pictures(self.drawn[:, :, which].reshape(-1, SIDE, SIDE, 3)) for which in (0, 1)
        )
        return crops, swaps, self.gallery.repeat_interleave(self.scenes, dim=0)

    def __call__(self, step: int) -> Swaps:
        """The first ``SAME`` keep their own person; the others get one whom another picture shows."""
        person, scene = np.divmod(self.stream(step), self.scenes)
        shown = self.stream.rng(step).integers(self.scenes, size=BATCH)
        same = np.arange(BATCH) < SAME
        crops, swaps = (self.drawn[person, scene, which] for which in (0, 1))
        persons = torch.where(
            torch.from_numpy(same)[:, None], self.own[person, scene], self.other[person, shown]
        )
        wanted = np.where(same[:, None, None, None], crops, swaps)
        flips = self.stream.flips(step)
        before, after = (
            mirrored(torch.from_numpy(part).permute(0, 3, 1, 2).float() / 255, flips).to(self.device)
            for part in (crops, wanted)
        )
        return Swaps(before, after, persons.to(self.device))


def train(job: Job) -> Path:
    """Train on swaps rendered into mema-mini's train split; returns ``out/mini.safetensors``.

    The job's ``minutes`` end the training early. The recogniser of the losses takes ``RECOGNISER_MINUTES``
    more, unless ``out`` holds it.
    """
    job.require_renderer("simswap learns from pairs that only a renderer gives")
    phi = recogniser_in(job.part(RECOGNISER_MINUTES, "recogniser"))
    recogniser = Recogniser.from_file(phi).to(job.device)
    pairs = Pairs(draw_pairs(job.out / "pairs"), recogniser, job.device, ("simswap", job.seed))
    net = seeded(functools.partial(Generator, pairs.people), "simswap", job.seed)
    net.gallery.copy_(pairs.gallery)
    net.coarse.fit(*pairs.small())
    critic = seeded(lambda: PatchDiscriminator((24, 48, 64, 96, 96)), "simswap", "critic", job.seed)
    result = train_stage(
        "simswap",
        models={"net": net, "critic": critic},
        optimisers={
            "total": torch.optim.AdamW(net.parameters(), LEARNING_RATE, (0.5, 0.99), weight_decay=1e-4),
            "total_d": torch.optim.Adam(critic.parameters(), LEARNING_RATE, (0.5, 0.99)),
        },
        step_fn=functools.partial(swap_step, net, critic, functools.partial(embed, recogniser)),
        batches=pairs,
        budget=Budget(STEPS, job.minutes),
        seeds=("simswap", job.seed),
        ema=0.99,
        sheet_fn=_sheet(pairs),
        **job.stage,
    )
    trained = cast("nn.Module", result.averaged["net"])
    notes = {"network": "Generator", "steps": str(result.step)}
    return write_weights(trained, job.out / "mini.safetensors", notes)


def swap_step(
    net: Generator,
    critic: PatchDiscriminator,
    embed_: Callable[[Tensor], Tensor],
    swaps: Swaps,
    step: int,
    progress: float,
) -> dict[str, Tensor]:
    """One step's losses, ``total`` of the generator and ``total_d`` of the critic."""
    judged = progress > _PAIRS_ALONE
    drawn = net(swaps.crops, swaps.persons)
    terms = generator_losses(drawn, swaps, embed_, critic, judged)
    # Real faces are the wanted ones: a critic of the patients' would reward what is to go.
    seen = slice(None if judged else SAME)
    return {**terms, "total_d": hinge_d(critic(swaps.wanted[seen]), critic(drawn.detach()[seen]))}


@torch.no_grad()
def _looks(recogniser: Recogniser, crops: np.ndarray, device: str) -> Tensor:
    people = torch.from_numpy(crops).permute(0, 1, 4, 2, 3)
    return torch.stack([embed(recogniser, each.to(device).float() / 255).cpu() for each in people])


def _sheet(pairs: Pairs) -> Callable[[Mapping[str, nn.Module]], Tensor]:
    """Rows: patient, wanted, drawn, and drawn with the next person of the gallery."""

    def drawn(models: Mapping[str, nn.Module]) -> Tensor:
        swaps = pairs(10_000_019)
        net = cast("Generator", models["net"])
        others = pairs.gallery[generator("simswap", "sheet").integers(pairs.people, size=BATCH)]
        rows = [swaps.crops, swaps.wanted, net(swaps.crops, swaps.persons)]
        rows.append(net(swaps.crops, others.to(pairs.device)))
        return tile([row.cpu().clamp(0, 1) for row in rows])

    return drawn
