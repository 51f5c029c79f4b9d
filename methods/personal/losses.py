"""What the encoder is trained to: disentangled codes, and turned ones that can be read and turned back."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from medbench.methods.networks.style_prior import StylePrior
from medbench.methods.personal.model import Disentangler, head_l1

_BACK = 4.0
_ALIKE = 0.3


class Scenes(NamedTuple):
    """A batch: patients' ``faces`` (B, 3, 128, 128) with their true codes, and their protected pictures.

    ``turned`` (B, 3, 128, 128) shows heads drawn with ``units`` (B, UNITS) in ``scenes_read`` (B, 22);
    ``patient_units`` (B, UNITS) are what a password had turned.
    """

    faces: Tensor
    identity: Tensor
    scene: Tensor
    turned: Tensor
    units: Tensor
    scenes_read: Tensor
    patient_units: Tensor


def personal_losses(
    prior: StylePrior,
    reads: Disentangler,
    batch: Scenes,
    alike: Callable[[Tensor], Tensor] | None = None,
    drawn: int = 2,
) -> dict[str, Tensor]:
    """The losses of one batch and their sum ``total``.

    Args:
        prior: frozen.
        reads: being trained.
        batch: see :class:`Scenes`.
        alike: recogniser of the losses, faces (B, 3, 128, 128) -> unit vectors; never a judge.
        drawn: how many of the batch are turned back and drawn.

    Returns:
        ``disentangle``: identity and scene apart, as the truth has them. ``attributes``: the scene of
        the protected picture is the patient's. ``turned``: encode(draw(turned)) is what was drawn.
        ``back`` and ``alike``: turned back and drawn, it looks like the patient and is recognised as such.
    """
    identity, scene = reads.encoder.encode(batch.faces)
    seen, seen_scene = reads.encoder.encode(batch.turned)
    losses = {
        "disentangle": F.mse_loss(identity, batch.identity) + 2 * F.mse_loss(scene, batch.scene),
        "attributes": F.mse_loss(seen_scene, batch.scenes_read),
        "turned": F.mse_loss(seen @ reads.axes.T, batch.units),
    }
    if drawn:
        # The turn back, as the matrix that took the patient's units to the drawn ones, is exact: what is
        # off after it is what was off before it.
        error = seen[:drawn] @ reads.axes.T - batch.units[:drawn]
        units = batch.patient_units[:drawn] + error
        head = prior(reads.own(units), seen_scene[:drawn])
        faces = batch.faces[:drawn]
        losses["back"] = _BACK * head_l1(head, faces)
        if alike is not None:
            share = head[:, 3:]
            shown = head[:, :3] * share + faces * (1 - share)
            losses["alike"] = _ALIKE * (1 - (alike(shown) * alike(faces)).sum(1)).mean()
    losses["total"] = torch.stack(list(losses.values())).sum()
    return losses
