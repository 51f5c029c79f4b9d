"""Training of the mini preset: sign detector, then translator, restorer and decoder together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, cast

import torch
from torch import Tensor, nn

from medbench.core import MedbenchError
from medbench.methods.networks.discriminator import PatchDiscriminator, hinge_d
from medbench.methods.networks.memory import channels_last
from medbench.methods.networks.recogniser import Recogniser
from medbench.methods.rofi.losses import paired, paper_terms
from medbench.methods.rofi.model import RofiMini
from medbench.methods.rofi.network import Rofi, depth_of, halved
from medbench.methods.training.averaged import train_averaged
from medbench.methods.training.data import TrainingImages
from medbench.methods.training.job import Job
from medbench.methods.training.loop import Budget
from medbench.methods.training.paired_heads import Scenes, batches, fitted_heads
from medbench.methods.training.recogniser import train_recogniser
from medbench.methods.training.seeds import seeded
from medbench.methods.training.sheet import tile
from medbench.methods.training.sign_detector import train_detector
from medbench.methods.virtual_heads.pairs import draw_pairs

#: Shares of the whole time.
SHARES = {"detector": 0.28, "recogniser": 0.14, "warmup": 0.44, "rofi": 0.14}
#: Steps after which the last two end, whatever is left.
STEPS = {"warmup": 1000, "rofi": 250}
#: Weight of the paper's terms beside the pairs.
_TERMS = 0.1


def train(job: Job) -> Path:
    """Train on the train split of mema-mini and write ``out/<preset>.safetensors``; returns that file.

    The job's ``minutes`` default to 36 on a CPU and 9 on a GPU, shared out as ``SHARES`` says. Presets
    ``blocks-N`` have another depth; the others need no training of their own.
    """
    job.require_renderer("rofi trains from rendered pairs")
    preset, device, seed = job.preset, job.device, job.seed
    if preset != "mini" and not preset.startswith("blocks-"):
        raise MedbenchError(f"preset {preset} runs on the weights of mini: train --preset mini")
    images = TrainingImages(job.suite, "train")
    minutes = job.budget(cpu=36.0, cuda=9.0)
    share = {stage: minutes * part for stage, part in SHARES.items()}
    pairs = draw_pairs(job.out / "pairs")
    detector = train_detector(images, pairs.own, job.part(share["detector"]))
    phi = Recogniser.from_file(train_recogniser(images, job.part(share["recogniser"], "recogniser")))
    heads, people = fitted_heads(images, pairs)
    core = seeded(lambda: RofiMini(depth_of(preset)), "rofi", "core", seed)
    rofi = channels_last(Rofi(detector, core, heads), device)
    scenes = batches(images, pairs, people.to(device), 8 if job.kind == "cpu" else 64, device, ("rofi", seed))
    stage: dict[str, Any] = {**job.stage, "batches": scenes, "clip": 1.0, "sheet_fn": _sheet(rofi, scenes)}
    adam = torch.optim.AdamW(core.parameters(), 1.5e-3, betas=(0.9, 0.99), weight_decay=1e-8)
    train_averaged(
        "warmup",
        core,
        optimisers={"total": adam},
        step_fn=lambda batch, step, progress: paired(rofi, batch)[0],
        budget=Budget(steps=STEPS["warmup"], minutes=share["warmup"]),
        seeds=("rofi", "warmup", seed),
        ema=0.99,
        **stage,
    )
    _tune(rofi, channels_last(phi, device), share["rofi"], seed, stage)
    file = job.out / f"{preset}.safetensors"
    rofi.save(file)
    return file


def _tune(rofi: Rofi, phi: Recogniser, minutes: float, seed: str, stage: dict[str, Any]) -> None:
    """Stage ``rofi``: the paper's terms beside the pairs; leaves the averages in ``rofi``."""
    critic = PatchDiscriminator(widths=(16, 32, 48, 64, 64)).to(stage["device"])

    def step(batch: Scenes, step: int, progress: float) -> dict[str, Tensor]:
        losses, drawn = paired(rofi, batch)
        terms = paper_terms(phi.embed, batch, drawn, critic)
        losses["total"] = losses["total"] + _TERMS * torch.stack(list(terms.values())).sum()
        fakes = torch.cat([drawn.protected, drawn.back]).detach()
        real = torch.cat([halved(batch.images), drawn.asked])
        return {**losses, **terms, "total_d": hinge_d(critic(real), critic(fakes))}

    # Two time scales (TTUR): the critic learns four times as fast, as in the paper's kind of GAN.
    adam = torch.optim.AdamW(rofi.core.parameters(), 3e-4, betas=(0.5, 0.999), weight_decay=1e-8)
    adam_d = torch.optim.Adam(critic.parameters(), 4e-4, betas=(0.5, 0.999))
    train_averaged(
        "rofi",
        rofi.core,
        {"critic": critic},
        optimisers={"total": adam, "total_d": adam_d},
        step_fn=step,
        budget=Budget(steps=STEPS["rofi"], minutes=minutes),
        seeds=("rofi", "rofi", seed),
        ema=0.98,
        **stage,
    )


def _sheet(rofi: Rofi, scenes: Callable[[int], Scenes]) -> Callable[[Mapping[str, nn.Module]], Tensor]:
    """Rows: X, b in its scene, the protected picture, and what came back, wrong and right key in turn."""

    def draw(models: Mapping[str, nn.Module]) -> Tensor:
        shown = scenes(10_000_019)
        _, drawn = paired(Rofi(rofi.detector, cast("RofiMini", models["core"]), rofi.heads), shown)
        rows = [halved(shown.images), drawn.asked, drawn.protected]
        return tile([*rows, torch.cat([drawn.back, drawn.back])])

    return draw
