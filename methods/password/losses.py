"""One step of the paper's objective, with the renderer's pairs in place of its first two L1 terms."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from medbench.methods.networks.discriminator import hinge_d, hinge_g
from medbench.methods.networks.recogniser import Recogniser
from medbench.methods.networks.resample import as_kept
from medbench.methods.password.bits import standing_for, tint
from medbench.methods.password.reader import BitReader
from medbench.methods.password.transformer import FaceIdentityTransformer
from medbench.methods.training.picture_losses import distance, faces_of
from medbench.methods.training.sketches import Scenes

#: Weights of the terms. The paper's: reversal 100, other pictures 10, faces 1 and 2, GAN 1, bits 1.
WEIGHTS = {
    "drawn": 2.0,
    "restored": 10.0,
    "wrong": 1.0,
    "face": 0.3,
    "apart": 0.2,
    "opened": 0.2,
    "bits": 0.1,
    "gan": 0.02,
}


def losses(
    network: FaceIdentityTransformer,
    reader: BitReader,
    critic: nn.Module,
    recogniser: Recogniser,
    scenes: Scenes,
) -> dict[str, Tensor]:
    """The terms, their weighted sum ``total``, and the critic's own loss ``total_d``.

    B scenes are drawn on two persons each; half of the first ones are then opened with the
    complement, the other half transformed under a wrong password: the scene's second person's.
    """
    count, images, half = len(scenes.images), scenes.images, len(scenes.images) // 2
    bits = standing_for(scenes.people)
    wanted, sketches = (tinted(x, scenes.heads, bits) for x in (scenes.wanted, scenes.sketches))
    twice = images.repeat(2, 1, 1, 1)
    protected = network(twice, sketches, bits)
    back = network(
        as_kept(protected.picture[:count]),
        sketches[count:],
        torch.cat([-bits[:half], bits[count + half :]]),
    )
    wrong = back.drawn[half:]
    codes = faces_of(recogniser, torch.cat([images, wanted, protected.drawn, wrong]))
    own, sought, shown, third = codes.split([count, 2 * count, 2 * count, count - half])
    first, second = shown.split(count)
    # Input, two anonymised, wrongly recovered: every two of them shall differ.
    alike = [(own, first), (own, second), (first, second), (own[half:], third), (first[half:], third)]
    told = torch.cat([protected.opened, back.opened]).clamp(1e-4, 1 - 1e-4)
    truth = torch.zeros_like(told)
    truth[2 * count : 2 * count + half] = 1
    logits = reader(twice, protected.drawn)
    out = {
        "drawn": distance(protected.drawn, wanted),
        "restored": F.l1_loss(back.found[:half], images[:half]),
        "wrong": distance(wrong, wanted[count + half :]),
        "face": 1 - (shown * sought).sum(1).mean(),
        "apart": torch.cat([(a * b).sum(1) for a, b in alike]).clamp(min=0).mean(),
        "opened": F.binary_cross_entropy(told, truth),
        "bits": F.binary_cross_entropy_with_logits(logits, (bits + 1) / 2),
        "gan": hinge_g(critic(protected.drawn[:count])),
    }
    out["total"] = torch.stack([weight * out[name] for name, weight in WEIGHTS.items()]).sum()
    out["total_d"] = hinge_d(critic(wanted[count:]), critic(protected.drawn[:count].detach()))
    return out


def tinted(pictures: Tensor, heads: Tensor, bits: Tensor) -> Tensor:
    """Pictures with their heads, whose shares are ``heads`` (B, 1, H, W), in the colours of passwords."""
    return (pictures * (1 + (tint(bits) - 1)[:, :, None, None] * heads)).clamp(0, 1)
