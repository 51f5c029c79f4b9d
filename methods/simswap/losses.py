"""SimSwap's losses: identity, weak feature matching, reconstruction, adversarial; and the wanted swap."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from medbench.methods.networks.discriminator import PatchDiscriminator, hinge_g
from medbench.methods.networks.recogniser import INPUT_SIZE, Recogniser
from medbench.methods.simswap.alignment import RECOGNISED
from medbench.methods.training.weighted import with_total

#: The weak feature matching looks at the last layers alone: the first hold what a person looks like.
MATCHED = (7, 9)
#: Weights of the terms; ``wanted`` also weighs the reconstruction, as the paper's 10 does. The paper gives
#: the identity as much; here a tenth of that already paints coloured blots that only the losses'
#: recogniser takes for a face: a few minutes of a critic do not hold it back.
WEIGHTS = {"wanted": 10.0, "identity": 0.2, "matching": 1.0, "adversarial": 0.05}


class Swaps(NamedTuple):
    """A batch: crops and wanted swaps (B, 3, 128, 128) in [0, 1], the persons' embeddings (B, 128)."""

    crops: Tensor
    wanted: Tensor
    persons: Tensor


def embed(recogniser: Recogniser, crops: Tensor) -> Tensor:
    """Embeddings (B, 128) of aligned crops (B, 3, 128, 128) in [0, 1]."""
    top, bottom, left, right = RECOGNISED
    size = (INPUT_SIZE, INPUT_SIZE)
    faces = F.interpolate(
        crops[..., top:bottom, left:right], size=size, mode="bilinear", antialias=True, align_corners=False
    )
    return recogniser.embed_face(faces)


def matching(critic: PatchDiscriminator, drawn: Tensor, crops: Tensor) -> Tensor:
    """How far the critic's last features of what is drawn are from those of the patient's crop."""
    ours, theirs, terms = drawn, crops, []
    for index, layer in enumerate(critic.trunk):
        ours, theirs = layer(ours), layer(theirs)
        if index in MATCHED:
            terms.append((ours - theirs.detach()).abs().mean())
    return torch.stack(terms).mean()


def generator_losses(
    drawn: Tensor,
    swaps: Swaps,
    embed_: Callable[[Tensor], Tensor],
    critic: PatchDiscriminator,
    judged: bool,
) -> dict[str, Tensor]:
    """All terms and their ``total``; the critic has its say where ``judged``."""
    terms = {
        "wanted": (drawn - swaps.wanted).abs().mean() * 2,
        "identity": 1 - (embed_(drawn) * swaps.persons).sum(1).mean(),
    }
    if judged:
        terms["matching"] = matching(critic, drawn, swaps.crops)
        terms["adversarial"] = hinge_g(critic(drawn))
    else:
        terms |= dict.fromkeys(("matching", "adversarial"), drawn.new_zeros(()))
    return with_total(terms, WEIGHTS)
