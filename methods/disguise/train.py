"""Train Disguise's generator under the losses of identity and of the experts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import cast

import numpy as np
import torch
from torch import Tensor, nn

from medbench.keys import Key
from medbench.methods.disguise.experts import experts
from medbench.methods.disguise.generator import Generator
from medbench.methods.disguise.losses import Pair, losses
from medbench.methods.disguise.method import swapped
from medbench.methods.disguise.obfuscate import obfuscated
from medbench.methods.face_window import SIDE, Window, resize
from medbench.methods.networks.frozen import write_weights
from medbench.methods.networks.style_encoder import StyleEncoder
from medbench.methods.networks.style_prior import StylePrior
from medbench.methods.training.data import IndexStream, TrainingImages
from medbench.methods.training.drawn_once import drawn_once
from medbench.methods.training.job import Job
from medbench.methods.training.loop import train_stage
from medbench.methods.training.schedule import Budget
from medbench.methods.training.seeds import seeded
from medbench.methods.training.sheet import tile
from medbench.suites.mini import draw as faces

#: Pictures that get a drawn head, evenly over the split.
PICTURES = 400
BATCH = 6
LEARNING_RATE = 2e-3
_MINUTES = (6.0, 3.0)
#: Steps after which it ends: with many more the experts' terms paint patterns over the face.
STEPS = 80


def train(job: Job) -> Path:
    """Train on the train split of mema-mini; writes and returns ``out/PRESET.safetensors``.

    ``no-experts`` is the ablation: the same generator, whose losses ask for identity alone. Prior and
    encoder are the shared ones, recogniser and Enc_med those of ``ours``, the eyes' expert that of
    ``digital-mask``.
    """
    job.require_renderer("disguise learns from a renderer's truth")
    pairs = draw_pairs(TrainingImages(job.suite, "train"), job.out / "pairs.npz", job.seed)
    return train_generator(pairs, job, Budget(STEPS, job.budget(*_MINUTES)))


def train_generator(pairs: Callable[[int], Pair], job: Job, budget: Budget) -> Path:
    """Stage ``out/PRESET``; writes and returns ``out/PRESET.safetensors``."""
    net = seeded(Generator, "disguise", job.seed)
    looks, identity = experts(job.device)

    def step_fn(batch: Pair, step: int, progress: float) -> dict[str, Tensor]:
        pair = Pair(*(part.to(job.device) for part in batch))
        made = net(pair.patient, pair.drawn)
        return losses(identity, None if job.preset == "no-experts" else looks, made, pair)

    result = train_stage(
        job.preset,
        models={"net": net},
        optimisers={"total": torch.optim.AdamW(net.parameters(), LEARNING_RATE, weight_decay=1e-4)},
        step_fn=step_fn,
        batches=pairs,
        budget=budget,
        seeds=("disguise", job.seed),
        ema=0.97,
        sheet_fn=sheet(pairs),
        **job.stage,
    )
    notes = {"network": "Generator", "steps": str(result.step), "preset": job.preset}
    return write_weights(result.averaged["net"], job.out / f"{job.preset}.safetensors", notes)


def draw_pairs(images: TrainingImages, file: Path, seed: str) -> Callable[[int], Pair]:
    """Batches of pictures and the same with a drawn head; a pure function of the step."""
    rows = np.arange(0, len(images), max(1, len(images) // PICTURES))
    ids = images.truth["id"]
    prior, encoder = StylePrior.from_file(), StyleEncoder.from_file()

    @torch.no_grad()
    def draw(chunk: np.ndarray) -> list[np.ndarray]:
        pictures = images.tensor(chunk)
        identity, scene = encoder.encode(torch.stack([resize(p, StylePrior.SIDE) for p in pictures]))
        keys = [Key.from_names("disguise training", seed, int(row)) for row in chunk]
        new = torch.stack([obfuscated(prior, i, key) for i, key in zip(identity, keys, strict=True)])
        drawn = swapped(prior, pictures, Window(0, 0, SIDE), new, identity, scene)
        pixels = (drawn * 255).round().to(torch.uint8).permute(0, 2, 3, 1).numpy()
        return [pixels, np.stack([faces.load(ids[row])[2] for row in chunk])]

    drawn, landmarks = drawn_once(file, rows, draw)
    stream = IndexStream(len(rows), BATCH, ("disguise", seed))

    def pair(step: int) -> Pair:
        chosen = stream(step)
        heads = torch.from_numpy(drawn[chosen]).permute(0, 3, 1, 2).float() / 255
        return Pair(images.tensor(rows[chosen]), heads, torch.from_numpy(landmarks[chosen]))

    return pair


def sheet(pairs: Callable[[int], Pair]) -> Callable[[Mapping[str, nn.Module]], Tensor]:
    """Rows: patients, the drawn heads, what the generator makes, what of it is the patient's."""

    def draw(models: Mapping[str, nn.Module]) -> Tensor:
        shown = pairs(10_000_019)
        made = cast("Generator", models["net"])(shown.patient, shown.drawn)
        return tile([shown.patient, shown.drawn, made.picture, made.kept.expand(-1, 3, -1, -1)])

    return draw
