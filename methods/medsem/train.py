"""Train the mini preset from nothing: Enc_med, loss recogniser, paired warm-up, the paper's losses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, cast

import torch
from torch import Tensor, nn
from torch.optim import Adam, AdamW, Optimizer

from medbench.core import MedbenchError
from medbench.methods.medsem.losses import LossWeights, medsem_losses
from medbench.methods.medsem.model import MedSemMini
from medbench.methods.medsem.network import WEIGHTS_NAME, MedSem
from medbench.methods.medsem.warmup import aim, losses
from medbench.methods.networks.discriminator import PatchDiscriminator, hinge_d, mean_scores
from medbench.methods.networks.frozen import freeze
from medbench.methods.networks.medical_encoder import MedicalEncoder
from medbench.methods.networks.memory import channels_last
from medbench.methods.networks.recogniser import Recogniser
from medbench.methods.training.data import TrainingImages
from medbench.methods.training.denoiser import train_denoiser
from medbench.methods.training.loop import train_stage
from medbench.methods.training.recogniser import train_recogniser
from medbench.methods.training.schedule import Budget, warmup_cosine
from medbench.methods.training.sheet import tile
from medbench.methods.virtual_heads.looks import looks
from medbench.methods.virtual_heads.pairs import Pairs, draw_pairs
from medbench.methods.virtual_heads.people import PEOPLE
from medbench.methods.virtual_heads.priors import start
from medbench.methods.virtual_heads.scenes import Scenes, batches
from medbench.suites.suite import Suite

#: Shares of the whole time: Enc_med, recogniser, the maps, whole pictures, the paper's six losses.
SHARES = {"denoiser": 0.096, "recogniser": 0.072, "aim": 0.552, "warmup": 0.17, "medsem": 0.11}


def train(
    suite: Suite,
    out: Path,
    preset: str = "mini",
    device: str = "cpu",
    resume: bool = True,
    minutes: float | None = None,
    seed: str = "0",
) -> Path:
    """Train on the train split of mema-mini and write ``out/mini.safetensors``; returns that file.

    ``minutes`` defaults to 50 on a CPU and 9 on a GPU, shared out as ``SHARES`` says.
    Stages that are finished in ``out`` are not run again; a killed one goes on from its checkpoint.
    """
    if suite.card.name != "mema-mini" or preset != "mini":
        raise MedbenchError("only --suite mema-mini --preset mini trains from rendered pairs")
    images = TrainingImages(suite, "train")
    minutes = minutes or (50.0 if device == "cpu" else 9.0)
    share = {stage: minutes * part for stage, part in SHARES.items()}
    options: dict[str, Any] = {"device": device, "seed": seed, "resume": resume}
    medical = train_denoiser(images, out / "denoiser", share["denoiser"], **options)
    phi = train_recogniser(images, out / "recogniser", share["recogniser"], **options)
    pairs = draw_pairs(out / "pairs")
    recogniser = Recogniser.from_file(phi)
    network = new_network(MedicalEncoder.from_file(medical), recogniser, pairs).to(device)
    size = 4 if device == "cpu" else 64
    scenes = batches(images, pairs, size, device, ("medsem", seed))
    stage = {"out": out, "device": device, "resume": resume, "sheet_fn": _sheet(network, scenes)}
    many = batches(images, pairs, 2 * size, device, ("medsem", "aim", seed))
    _paired("aim", network, share["aim"], 8e-4, seed, stage | {"batches": many}, lambda x: aim(network, x))
    # Opening with a wrong password draws a person too: it starts from what drawing has learned.
    network.core.decryptor.load_state_dict(network.core.encryptor.state_dict())
    stage["batches"] = scenes
    # Slower: the maps are nearly right, and only the way back is new.
    _paired("warmup", network, share["warmup"], 3e-4, seed, stage, lambda x: losses(network, x)[0])
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
    """A stage on rendered pairs."""
    adam = AdamW(network.core.parameters(), lr=rate, weight_decay=1e-4)
    _stage(name, network, minutes, seed, stage, {"total": adam}, lambda scenes, step, progress: terms(scenes))


def tune(network: MedSem, minutes: float, seed: str, stage: dict[str, Any]) -> None:
    """Stage ``medsem``: the paper's six losses beside the pairs; leaves the averages in ``network``."""
    critic = PatchDiscriminator(widths=(24, 48, 64, 96, 96)).to(stage["device"])
    # The adversarial term costs the restored picture 4 dB (select split) if it may change its last touch.
    network.core.refine.requires_grad_(False)
    moving = [p for p in network.core.parameters() if p.requires_grad]
    optimisers = {
        "total": Adam(moving, lr=2e-4, betas=(0.5, 0.99)),
        "total_d": Adam(critic.parameters(), lr=4e-4, betas=(0.5, 0.99)),
    }
    _stage("medsem", network, minutes, seed, stage, optimisers, _paper_step(network, critic), critic=critic)


def _stage(
    name: str,
    network: MedSem,
    minutes: float,
    seed: str,
    stage: dict[str, Any],
    optimisers: Mapping[str, Optimizer],
    step_fn: Callable[[Scenes, int, float], dict[str, Tensor]],
    **others: nn.Module,
) -> None:
    """Train the core, and ``others`` beside it; leaves the core's averaged weights in ``network``."""
    result = train_stage(
        name,
        models={"core": network.core, **others},
        optimisers=optimisers,
        step_fn=step_fn,
        budget=Budget(minutes=minutes),
        seeds=("medsem", name, seed),
        schedule=warmup_cosine,
        ema=0.995,
        **stage,
    )
    network.core.load_state_dict(result.averaged["core"].state_dict())


def new_network(medical: MedicalEncoder, recogniser: Recogniser, pairs: Pairs) -> MedSem:
    """An untrained network that starts from the virtual persons' colours and average positions."""
    core = MedSemMini(people=PEOPLE)
    start(core.decoder, pairs)
    network = MedSem(freeze(medical), freeze(recogniser), core)
    network.looks.copy_(looks(recogniser, pairs))
    return channels_last(network)


def _paper_step(network: MedSem, critic: nn.Module) -> Callable[[Scenes, int, float], dict[str, Tensor]]:
    weights = LossWeights()

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
            lambda pictures: mean_scores(critic(pictures)),
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
        return tile([shown.images[:columns], shown.wanted[:columns], protected[:columns], back])

    return draw
