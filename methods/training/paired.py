"""What a training on rendered pairs starts from: pictures, pairs, the style prior, the losses' networks."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from medbench.methods.medsem.method import MedSemDeID
from medbench.methods.medsem.network import MedSem
from medbench.methods.networks.discriminator import PatchDiscriminator
from medbench.methods.networks.frozen import freeze
from medbench.methods.networks.memory import channels_last
from medbench.methods.networks.recogniser import Recogniser
from medbench.methods.networks.sketch import Sketcher
from medbench.methods.training.data import TrainingImages
from medbench.methods.training.seeds import seeded
from medbench.methods.virtual_heads.pairs import Pairs, draw_pairs

if TYPE_CHECKING:
    from medbench.methods.training.job import Job

_CRITIC = (16, 32, 48, 64, 64)


class Paired(NamedTuple):
    """Pictures of the train split, the same scenes on two virtual persons each, and frozen networks.

    ``recogniser`` is the losses' own, from the weights of `ours`; ``critic`` learns.
    """

    images: TrainingImages
    pairs: Pairs
    sketcher: Sketcher
    recogniser: Recogniser
    critic: PatchDiscriminator


def paired(job: Job, method: str) -> Paired:
    """Get ready; the pairs are drawn into ``out/pairs`` unless they are there.

    Raises:
        MedbenchError: The suite is not mema-mini, which alone has a renderer.
        Unavailable: The weights of the style prior or of `ours` are missing.
    """
    job.require_renderer(f"{method} trains on rendered pairs")
    critic = seeded(lambda: PatchDiscriminator(widths=_CRITIC), method, job.seed, "critic")
    return Paired(
        TrainingImages(job.suite, "train"),
        draw_pairs(job.out / "pairs"),
        Sketcher.from_files(job.device),
        freeze(MedSem.from_file(MedSemDeID.weights).recogniser).to(job.device),
        channels_last(critic, job.device),
    )
