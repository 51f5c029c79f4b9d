"""Train the mini preset from nothing: Enc_med, loss recogniser, paired warm-up, the paper's losses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, cast

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from medbench.core import MedbenchError
from medbench.methods.medsem import pairs as rendered
from medbench.methods.medsem.losses import LossWeights, medsem_losses
from medbench.methods.medsem.model import MedSemMini
from medbench.methods.medsem.network import WEIGHTS_NAME, MedSem
from medbench.methods.medsem.outline import outline
from medbench.methods.medsem.priors import priors
from medbench.methods.medsem.warmup import Scenes, aim, losses
from medbench.methods.networks.discriminator import PatchDiscriminator, hinge_d
from medbench.methods.networks.frozen import freeze
from medbench.methods.networks.medical_encoder import MedicalEncoder
from medbench.methods.networks.memory import channels_last
from medbench.methods.networks.recogniser import Recogniser
from medbench.methods.training.data import IndexStream, TrainingImages
from medbench.methods.training.denoiser import train_denoiser
from medbench.methods.training.job import Job
from medbench.methods.training.loop import train_stage
from medbench.methods.training.recogniser import train_recogniser
from medbench.methods.training.schedule import Budget, warmup_cosine

#: Shares of the whole time: Enc_med, recogniser, the maps, whole pictures, the paper's six losses.
SHARES = {"denoiser": 0.096, "recogniser": 0.072, "aim": 0.552, "warmup": 0.17, "medsem": 0.11}
CHARTS = (208, 240)
#: Pictures by which the recogniser gets to know a virtual person.
_PICTURES_EACH = 32
#: Stands in for a person whom a few pairs do not show.
_GREY = np.full((1, 256, 256, 3), 128, np.uint8)


def train(job: Job) -> Path:
    """Train on the train split of mema-mini and write ``out/mini.safetensors``; returns that file.

    The job's ``minutes`` default to 50 on a CPU and 9 on a GPU, shared out as ``SHARES`` says.
    Stages that are finished in ``out`` are not run again; a killed one goes on from its checkpoint.
    """
    suite, out, device, seed = job.suite, job.out, job.device, job.seed
    if suite.card.name != "mema-mini" or job.preset != "mini":
        raise MedbenchError("only --suite mema-mini --preset mini trains from rendered pairs")
    images = TrainingImages(suite, "train")
    minutes = job.budget(cpu=50.0, cuda=9.0)
    share = {stage: minutes * part for stage, part in SHARES.items()}
    medical = train_denoiser(images, job.part(share["denoiser"], "denoiser"))
    phi = train_recogniser(images, job.part(share["recogniser"], "recogniser"))
    pairs = rendered.draw_pairs(out / "pairs")
    recogniser = Recogniser.from_file(phi)
    network = new_network(MedicalEncoder.from_file(medical), recogniser, pairs).to(device)
    size = 4 if device == "cpu" else 64
    scenes = batches(images, pairs, size, device, ("medsem", seed))
    stage: dict[str, Any] = {**job.stage, "sheet_fn": _sheet(network, scenes)}
    many = batches(images, pairs, 2 * size, device, ("medsem", "aim", seed))
    mapped = stage | {"batches": many}
    _paired("aim", network, share["aim"], 8e-4, seed, mapped, lambda shown: aim(network, shown))
    # Opening with a wrong password draws a person too: it starts from what drawing has learned.
    network.core.decryptor.load_state_dict(network.core.encryptor.state_dict())
    stage["batches"] = scenes
    # Slower: the maps are nearly right, and only the way back is new.
    _paired("warmup", network, share["warmup"], 3e-4, seed, stage, lambda shown: losses(network, shown)[0])
    tune(network, share["medsem"], seed, stage)
    file = out / WEIGHTS_NAME
    network.save(file)
    return file


def _paired(
    name: str,
    network: MedSem,
    minutes: float,
    rate: float,
    seed: str,
    stage: dict[str, Any],
    terms: Callable[[Scenes], dict[str, Tensor]],
) -> None:
    """A stage on rendered pairs; leaves the averaged weights in ``network``."""
    result = train_stage(
        name,
        models={"core": network.core},
        optimisers={"total": torch.optim.AdamW(network.core.parameters(), lr=rate, weight_decay=1e-4)},
        step_fn=lambda scenes, step, progress: terms(scenes),
        budget=Budget(minutes=minutes),
        seeds=("medsem", name, seed),
        schedule=warmup_cosine,
        ema=0.995,
        **stage,
    )
    network.core.load_state_dict(result.averaged["core"].state_dict())


def tune(network: MedSem, minutes: float, seed: str, stage: dict[str, Any]) -> None:
    """Stage ``medsem``: the paper's six losses beside the pairs; leaves the averages in ``network``."""
    critic = PatchDiscriminator(widths=(24, 48, 64, 96, 96)).to(stage["device"])
    # The adversarial term costs the restored picture 4 dB (select split) if it may change its last touch.
    network.core.refine.requires_grad_(False)
    moving = [p for p in network.core.parameters() if p.requires_grad]
    result = train_stage(
        "medsem",
        models={"core": network.core, "critic": critic},
        optimisers={
            "total": torch.optim.Adam(moving, lr=2e-4, betas=(0.5, 0.99)),
            "total_d": torch.optim.Adam(critic.parameters(), lr=4e-4, betas=(0.5, 0.99)),
        },
        step_fn=_paper_step(network, critic),
        budget=Budget(minutes=minutes),
        seeds=("medsem", "medsem", seed),
        schedule=warmup_cosine,
        ema=0.995,
        **stage,
    )
    network.core.load_state_dict(result.averaged["core"].state_dict())


def new_network(medical: MedicalEncoder, recogniser: Recogniser, pairs: rendered.Pairs) -> MedSem:
    """An untrained network that starts from the virtual persons' colours and average positions."""
    core = MedSemMini(people=rendered.PEOPLE, charts=CHARTS)
    with torch.no_grad():
        albedo, surface = rendered.charts(CHARTS)
        core.decoder.albedo.copy_(torch.from_numpy(albedo))
        core.decoder.surface.copy_(torch.from_numpy(surface))
        start = priors(pairs)
        core.decoder.uv_base.copy_(torch.from_numpy(start.positions))
        core.decoder.uv_modes.copy_(torch.from_numpy(start.modes))
        core.decoder.outline_base.copy_(torch.from_numpy(start.outlines))
        core.decoder.outline_modes.copy_(torch.from_numpy(start.outline_modes))
        core.decoder.keep_base.copy_(torch.from_numpy(start.keep))
        core.decoder.eye_places.copy_(torch.from_numpy(start.eye_places))
    network = MedSem(freeze(medical), freeze(recogniser), core)
    network.looks.copy_(rendered_looks(recogniser, pairs))
    return channels_last(network)


@torch.no_grad()
def rendered_looks(recogniser: Recogniser, pairs: rendered.Pairs) -> Tensor:
    """What the recogniser says of each virtual person, over their first pictures: (PEOPLE, 128)."""
    looks = []
    for person in range(rendered.PEOPLE):
        shown = np.argwhere(pairs.person == person)[:_PICTURES_EACH]
        pictures = np.stack([pairs.pixels[row, which] for row, which in shown]) if len(shown) else _GREY
        batch = torch.from_numpy(pictures).permute(0, 3, 1, 2).float() / 255
        looks.append(recogniser.embed(batch).mean(0))
    return F.normalize(torch.stack(looks), dim=1)


def batches(
    images: TrainingImages, pairs: rendered.Pairs, size: int, device: str, seeds: tuple[str, ...]
) -> Callable[[int], Scenes]:
    """Scenes of a step, a pure function of the step."""
    stream = IndexStream(len(pairs.person), batch=size, seeds=seeds)

    def scenes(step: int) -> Scenes:
        rows = stream(step)
        first = stream.rng(step).integers(2, size=len(rows))

        def to(array: np.ndarray) -> Tensor:
            return torch.from_numpy(np.ascontiguousarray(array).astype(np.float32)).to(device)

        def picture(which: np.ndarray) -> Tensor:
            pixels = to(pairs.pixels[rows, which]).div_(255).permute(0, 3, 1, 2)
            return pixels.contiguous(memory_format=torch.channels_last)

        return Scenes(
            images=images.tensor(rows, device),
            wanted=picture(first),
            other=picture(1 - first),
            person=to(pairs.person[rows, first]).long(),
            other_person=to(pairs.person[rows, 1 - first]).long(),
            uv=to(pairs.uv[rows, first]),
            head=to(pairs.head[rows, first])[:, None] / 255,
            outline=to(outline(pairs.head[rows, first]))[:, None],
            own=to(pairs.own[rows]),
            eyes=to(pairs.eyes[rows, first]),
            other_eyes=to(pairs.eyes[rows, 1 - first]),
        )

    return scenes


def _paper_step(network: MedSem, critic: nn.Module) -> Callable[[Scenes, int, float], dict[str, Tensor]]:
    weights = LossWeights()

    def judge(pictures: Tensor) -> Tensor:
        local, pooled = critic(pictures)
        return torch.cat([local.flatten(1), pooled.flatten(1)], dim=1).mean(1)

    def step(scenes: Scenes, step: int, progress: float) -> dict[str, Tensor]:
        paired, protected, back, opens = losses(network, scenes)
        half = len(back)
        images = scenes.images[:half]
        six = medsem_losses(
            network.recogniser.embed,
            network.medical.features,
            images[opens],
            protected[:half][opens],
            back[opens],
            back[~opens],
            judge,
            wrong_of=images[~opens],
        )
        total = paired["total"] + 0.1 * weights.total(six)
        fakes = torch.cat([protected[:half], back]).detach()
        real = torch.cat([scenes.wanted[:half], images])
        return {**paired, **six, "total": total, "total_d": hinge_d(critic(real), critic(fakes))}

    return step


def _sheet(network: MedSem, scenes: Callable[[int], Scenes]) -> Callable[[Mapping[str, nn.Module]], Tensor]:
    """Rows: X, the wanted picture, X_enc, restorations (right and wrong password in turn)."""

    def draw(models: Mapping[str, nn.Module]) -> Tensor:
        averaged = MedSem(network.medical, network.recogniser, cast("MedSemMini", models["core"]))
        shown = scenes(10_000_019)
        with torch.no_grad():
            _, protected, back, _ = losses(averaged, shown)
        columns = len(back)
        rows = [shown.images[:columns], shown.wanted[:columns], protected[:columns], back]
        return torch.cat([torch.cat(list(row.cpu().clamp(0, 1)), dim=2) for row in rows], dim=1)

    return draw
