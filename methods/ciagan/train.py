"""Train CIAGAN's generator, critic and siamese net on mema-mini's train split."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.func import functional_call

from medbench.methods.ciagan.model import PEOPLE, Siamese, contrastive, generator
from medbench.methods.ciagan.pairs import Asked, Pairs, rows_of
from medbench.methods.training.average_face import set_average
from medbench.methods.training.data import TrainingImages
from medbench.methods.training.inpainting import BATCH, train_inpainter
from medbench.methods.training.job import Job
from medbench.methods.training.seeds import generator as numbers
from medbench.methods.training.seeds import seeded

STEPS = 160
#: Pictures that persons are drawn into.
PICTURES = 320
#: Weight of the siamese net's terms beside the picture's.
GUIDANCE = 0.02
_RIDGE = 2.0


def train(job: Job) -> Path:
    """Train and write ``out/mini.safetensors``; returns that file."""
    job.require_renderer("ciagan is trained on what a renderer draws")
    images = TrainingImages(job.suite, "train")
    pairs = Pairs(images, rows_of(images, PICTURES), job.out)
    network = seeded(generator, "ciagan", job.seed)
    one_hots = pairs.one_hot(np.arange(len(pairs)))
    set_average(network, pairs.examples, one_hots, _RIDGE, lambda *which: pairs.batch(*which).holes)
    siamese = seeded(Siamese, "ciagan", job.seed, "siamese")

    def batches(step: int) -> Asked:
        """Pairs of pictures that show one person each."""
        rng = numbers("ciagan", job.seed, "batch", step)
        people = rng.choice(PEOPLE, BATCH // 2, replace=False)
        which = [rng.choice(np.flatnonzero(pairs.person == who), 2, replace=False) for who in people]
        return pairs.batch(np.concatenate(which), job.device)

    def draw(net: nn.Module, asked: Asked) -> tuple[Tensor, dict[str, Tensor]]:
        holes = asked.holes
        drawn = net(holes.context, holes.guide, holes.grid, asked.person)
        return drawn, guidance(siamese, asked, holes.filled(drawn))

    return train_inpainter("ciagan", network, batches, draw, job, STEPS, {"siamese": siamese})


def guidance(siamese: Siamese, asked: Asked, filled: Tensor) -> dict[str, Tensor]:
    """Terms ``siamese`` (teaches the siamese net) and ``identity`` (the generator, by the net as it is).

    Pictures 2i and 2i + 1 of a batch show one person: what is drawn for the one is pulled to the
    other's picture.
    """
    who = asked.person.argmax(1)
    first, second = torch.triu_indices(len(who), len(who), offset=1)
    real = siamese(asked.holes.truth)
    taught = contrastive(real[first], real[second], who[first] == who[second])
    still = {name: value.detach() for name, value in siamese.named_parameters()}
    seen = functional_call(siamese, still, (filled,))
    other = real.detach().view(-1, 2, real.shape[1]).flip(1).flatten(0, 1)
    same = torch.ones(len(seen), dtype=torch.bool, device=seen.device)
    return {"siamese": GUIDANCE * taught, "identity": GUIDANCE * contrastive(seen, other, same)}
