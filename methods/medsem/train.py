"""Train the mini preset from nothing: Enc_med, loss recogniser, paired warm-up, the paper's losses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, cast

import torch
from torch import Tensor, nn
from torch.optim import Adam, AdamW

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
from medbench.methods.training.averaged import train_averaged
from medbench.methods.training.data import TrainingImages
from medbench.methods.training.denoiser import train_denoiser
from medbench.methods.training.head_scenes import Scenes, batches
from medbench.methods.training.job import Job
from medbench.methods.training.recogniser import train_recogniser
from medbench.methods.training.schedule import Budget
from medbench.methods.training.sheet import tile
from medbench.methods.virtual_heads.looks import looks
from medbench.methods.virtual_heads.pairs import Pairs, draw_pairs
from medbench.methods.virtual_heads.people import PEOPLE
from medbench.methods.virtual_heads.priors import start

#: Shares of the whole time: Enc_med, recogniser, the maps, whole pictures, the paper's six losses.
SHARES = {"denoiser": 0.096, "recogniser": 0.072, "aim": 0.552, "warmup": 0.17, "medsem": 0.11}


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
    pairs = draw_pairs(out / "pairs")
    recogniser = Recogniser.from_file(phi)
    network = new_network(MedicalEncoder.from_file(medical), recogniser, pairs).to(device)
    size = 4 if device == "cpu" else 64
    scenes = batches(images, pairs, size, device, ("medsem", seed))
    stage: dict[str, Any] = {**job.stage, "batches": scenes, "sheet_fn": _sheet(network, scenes)}
    many = batches(images, pairs, 2 * size, device, ("medsem", "aim", seed))
    mapped = {"batches": many, **_paired(network, 8e-4, lambda x: aim(network, x))}
    _stage("aim", network, share["aim"], seed, **stage | mapped)
    # Opening with a wrong password draws a person too: it starts from what drawing has learned.
    network.core.decryptor.load_state_dict(network.core.encryptor.state_dict())
    # Slower: the maps are nearly right, and only the way back is new.
    drawn = _paired(network, 3e-4, lambda x: losses(network, x)[0])
    _stage("warmup", network, share["warmup"], seed, **stage | drawn)
    tune(network, share["medsem"], seed, stage)
    return network.save(out / WEIGHTS_NAME)


def _paired(network: MedSem, rate: float, terms: Callable[[Scenes], dict[str, Tensor]]) -> dict[str, Any]:
    """What a stage on rendered pairs minimises, and by what."""
    adam = AdamW(network.core.parameters(), lr=rate, weight_decay=1e-4)
    return {"optimisers": {"total": adam}, "step_fn": lambda scenes, step, progress: terms(scenes)}


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
    stage = stage | {"optimisers": optimisers, "beside": {"critic": critic}}
    stage["step_fn"] = lambda scenes, step, progress: _paper_losses(network, critic, scenes)
    _stage("medsem", network, minutes, seed, **stage)


def _stage(name: str, network: MedSem, minutes: float, seed: str, **stage: Any) -> None:
    """A stage of the core; leaves its averaged weights in ``network``."""
    budget, seeds = Budget(minutes=minutes), ("medsem", name, seed)
    train_averaged(name, network.core, budget=budget, seeds=seeds, ema=0.995, **stage)


def new_network(medical: MedicalEncoder, recogniser: Recogniser, pairs: Pairs) -> MedSem:
    """An untrained network that starts from the virtual persons' colours and average positions."""
    core = MedSemMini(people=PEOPLE)
    start(core.decoder, pairs)
    network = MedSem(freeze(medical), freeze(recogniser), core)
    network.looks.copy_(looks(recogniser, pairs))
    return channels_last(network)


def _paper_losses(network: MedSem, critic: PatchDiscriminator, scenes: Scenes) -> dict[str, Tensor]:
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
    total = paired["total"] + 0.1 * LossWeights().total(six)
    fakes = torch.cat([protected[:half], back]).detach()
    real = torch.cat([scenes.wanted[:half], images])
    return {**paired, **six, "total": total, "total_d": hinge_d(critic(real), critic(fakes))}


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
