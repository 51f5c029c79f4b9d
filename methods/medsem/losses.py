"""The six losses of MedSem-DeID (AAAI 2025, "Objectives") with the paper's weights."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

Network = Callable[[Tensor], Tensor]


@dataclass(frozen=True)
class LossWeights:
    """lambda_med = 5 and lambda_rev = 0.1 are the best trade-off of Figure 8; the rest is 1."""

    deid: float = 1.0
    rev_id: float = 1.0
    wrong: float = 1.0
    med: float = 5.0
    rev: float = 0.1
    gan: float = 1.0

    def total(self, losses: dict[str, Tensor]) -> Tensor:
        """Weighted sum of the losses named like the fields."""
        return torch.stack([getattr(self, name) * value for name, value in losses.items()]).sum()


def medsem_losses(
    phi: Network,
    enc_med: Network,
    images: Tensor,
    protected: Tensor,
    restored: Tensor,
    wrong: Tensor,
    critic: Network | None = None,
    wrong_of: Tensor | None = None,
) -> dict[str, Tensor]:
    """Losses of one batch, unweighted.

    Args:
        phi: frozen recogniser, images (B, 3, H, W) in [0, 1] -> unit vectors (B, D). Never a judge.
        enc_med: frozen medical encoder, images -> features.
        images: X.
        protected: X_enc.
        restored: X-hat, with the right password.
        wrong: X_wrong, with another one.
        wrong_of: the X of each X_wrong, where they are others than ``images``.
        critic: discriminator, images -> logits of any shape; None leaves the GAN term out.
    """
    with torch.no_grad():
        identity = phi(images)
        other = identity if wrong_of is None else phi(wrong_of)
        semantics = enc_med(images)
    losses = {
        "deid": _cosine(identity, phi(protected)),
        "rev_id": -_cosine(identity, phi(restored)),
        "wrong": _cosine(other, phi(wrong)),
        "med": F.mse_loss(enc_med(protected), semantics),
        "rev": F.l1_loss(restored, images),
    }
    if critic is not None:
        losses["gan"] = -torch.stack([critic(x).mean() for x in (protected, restored, wrong)]).mean()
    return losses


def _cosine(a: Tensor, b: Tensor) -> Tensor:
    return (a * b).sum(dim=1).mean()
