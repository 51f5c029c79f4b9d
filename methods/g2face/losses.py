"""One step of G2Face's objective: protect, then restore from what was drawn."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from medbench.methods.g2face.fusion import Fusion
from medbench.methods.networks.discriminator import hinge_d, hinge_g
from medbench.methods.networks.recogniser import Recogniser
from medbench.methods.networks.style_prior import StylePrior
from medbench.methods.training.picture_losses import distance, faces_of

WEIGHTS = {"protected": 1.0, "restored": 2.0, "identity": 0.3, "apart": 0.1, "gan": 0.02}


@dataclass(frozen=True)
class Scenes:
    """X (B, 3, 128, 128), the same scene on another person, and the scene without anybody.

    ``own`` and ``other`` (B, 64) are who is in X and in ``wanted``, ``scene`` (B, 22) the geometry.
    """

    images: Tensor
    wanted: Tensor
    empty: Tensor
    own: Tensor
    other: Tensor
    scene: Tensor


def losses(
    prior: StylePrior, fusion: Fusion, critic: nn.Module, recogniser: Recogniser, scenes: Scenes
) -> dict[str, Tensor]:
    """The terms, their weighted sum ``total``, and the critic's own loss ``total_d``."""
    protected = drawn(prior, fusion, scenes.images, scenes.other, scenes)
    # Restoring starts from what a clinic holds; its errors are no reason to draw another protected face.
    restored = drawn(prior, fusion, protected.detach(), scenes.own, scenes)
    both = torch.cat([protected, restored])
    codes = faces_of(recogniser, torch.cat([both, scenes.wanted, scenes.images]))
    shown, sought = codes.chunk(2)
    alike = (shown[: len(protected)] * sought[len(protected) :]).sum(1)
    out = {
        "protected": distance(protected, scenes.wanted),
        "restored": distance(restored, scenes.images),
        "identity": 1 - (shown * sought).sum(1).mean(),
        "apart": alike.clamp(min=0).mean(),
        "gan": hinge_g(critic(both)),
    }
    out["total"] = torch.stack([weight * out[name] for name, weight in WEIGHTS.items()]).sum()
    out["total_d"] = hinge_d(critic(torch.cat([scenes.images, scenes.wanted])), critic(both.detach()))
    return out


def drawn(prior: StylePrior, fusion: Fusion, pictures: Tensor, who: Tensor, scenes: Scenes) -> Tensor:
    """Persons ``who`` (B, 64) with the features of ``pictures``, laid into the empty scenes."""
    head = fusion(prior, prior.styles(who, scenes.scene), pictures)
    return torch.lerp(scenes.empty, head[:, :3], head[:, 3:])
