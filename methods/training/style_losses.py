"""What the style prior minimises: colours, edges, shape, likeness, and late a critic."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
import torch.nn.functional as F
from torch import Tensor

from medbench.methods.networks.discriminator import PatchDiscriminator, hinge_d, hinge_g
from medbench.methods.networks.recogniser import FACE, INPUT_SIZE, Recogniser
from medbench.methods.training.seeds import seeded

if TYPE_CHECKING:
    from medbench.methods.networks.style_prior import StylePrior
    from medbench.methods.training.style_prior import Shown

#: Landmarks (iBUG) and the width in pixels of 128 of what counts more: eyes, brows, nose, mouth.
_PLACES = ((range(36, 42), 5.0, 5.0), (range(42, 48), 5.0, 5.0), (range(17, 22), 5.0, 2.0),
           (range(22, 27), 5.0, 2.0), (range(30, 36), 5.0, 1.5), (range(48, 60), 7.0, 2.0))  # fmt: skip
#: Share of the budget after which the critic speaks.
_CRITIC_FROM = 0.55
_CRITIC_WEIGHT = 0.04


class PriorLosses:
    """One step's losses of the generator (``total``) and of its critic (``total_d``)."""

    def __init__(self, prior: StylePrior, recogniser: Recogniser, seed: str) -> None:
        self.prior, self.recogniser = prior, recogniser
        device = next(prior.parameters()).device
        self.critic = seeded(lambda: PatchDiscriminator(widths=(16, 32, 48, 64)), "critic", seed).to(device)

    def __call__(self, shown: Shown, progress: float) -> dict[str, Tensor]:
        """Return the losses of drawing what is ``shown``."""
        with torch.autocast(shown.layers.device.type, dtype=torch.bfloat16):
            drawn = self.prior(shown.identity, shown.scene)
        drawn = drawn.float()
        colour = colour_loss(drawn, shown)
        share = F.l1_loss(drawn[:, 3:], shown.layers[:, 3:])
        real, mask = shown.layers[:, :3], shown.layers[:, 3:]
        seen = real + (drawn[:, :3] - real) * mask
        with torch.no_grad():
            wanted = self.recogniser.embed_face(_face(real))
        unlike = 1 - (self.recogniser.embed_face(_face(seen)) * wanted).sum(1).mean()
        losses = {"colour": colour, "share": share, "unlike": unlike}
        total = 10 * colour + 3 * share + 0.3 * unlike
        if progress < _CRITIC_FROM:
            return losses | {"total": total, "total_d": 0 * next(self.critic.parameters()).sum()}
        with torch.autocast(shown.layers.device.type, dtype=torch.bfloat16):
            fooled = hinge_g(self.critic(seen))
            judged = hinge_d(self.critic(real), self.critic(seen.detach()))
        return losses | {"total": total + _CRITIC_WEIGHT * fooled.float(), "total_d": judged.float()}


def colour_loss(drawn: Tensor, shown: Shown) -> Tensor:
    """Mean difference of colours and of their edges within the true head; eyes count most."""
    weight = shown.layers[:, 3:] * emphasis(shown.landmarks, drawn.shape[-1])
    off = drawn[:, :3] - shown.layers[:, :3]
    across = (off[..., 1:] - off[..., :-1]).abs() * weight[..., 1:]
    down = (off[..., 1:, :] - off[..., :-1, :]).abs() * weight[..., 1:, :]
    return ((off.abs() * weight).mean() + across.mean() + down.mean()) / weight.mean()


def emphasis(landmarks: Tensor, side: int) -> Tensor:
    """Weights (B, 1, side, side), 1 and more near eyes, brows, nose and mouth, of landmarks (B, 68, 2)."""
    at = torch.arange(side, device=landmarks.device) + 0.5
    weight = torch.ones(len(landmarks), side, side, device=landmarks.device)
    for points, wide, extra in _PLACES:
        x, y = landmarks[:, list(points)].mean(1).unbind(1)
        across = torch.exp(-(((at - x[:, None]) / wide) ** 2) / 2)
        down = torch.exp(-(((at - y[:, None]) / wide) ** 2) / 2)
        weight = weight + extra * down[:, :, None] * across[:, None]
    return weight[:, None]


def _face(images: Tensor) -> Tensor:
    """The recogniser's crop (B, 3, 64, 64) of pictures of half size."""
    top, bottom, left, right = (edge // 2 for edge in FACE)
    return F.interpolate(images[..., top:bottom, left:right], size=(INPUT_SIZE, INPUT_SIZE), mode="area")
