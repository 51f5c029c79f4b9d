"""What the generator is trained to: the drawn person's identity, and the patient's utility."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from medbench.methods.disguise.experts import Experts, utility
from medbench.methods.disguise.generator import Made

#: Of the terms of :func:`losses`; the experts' are set so that each weighs about as much on a drawn head.
WEIGHTS = {
    "away": 1.0, "toward": 1.0, "drawn": 2.0, "kept": 0.5,
    "expression": 0.5, "gaze": 0.3, "lids": 0.3, "medical": 4.0,
}  # fmt: skip


class Pair(NamedTuple):
    """Pictures of patients and the same with drawn heads (B, 3, 256, 256), patients' landmarks (B, 68, 2)."""

    patient: Tensor
    drawn: Tensor
    landmarks: Tensor


def losses(
    identity: Callable[[Tensor], Tensor], looks: Experts | None, made: Made, pair: Pair
) -> dict[str, Tensor]:
    """Unweighted terms, and ``total``, their sum under ``WEIGHTS``.

    Args:
        identity: frozen recogniser of the losses, pictures -> unit vectors; never a judge.
        looks: the experts; without them only identity and likeness to the drawn head count (the ablation).
        made: what the generator made of ``pair``.
        pair: what it was given.
    """
    code = identity(made.picture)
    with torch.no_grad():
        patient, drawn = identity(pair.patient), identity(pair.drawn)
    differs = (pair.patient - pair.drawn).abs().amax(1, keepdim=True) > 1e-3
    terms = {
        "away": (code * patient).sum(1).clamp(min=0).mean(),
        "toward": 1 - (code * drawn).sum(1).mean(),
        "drawn": F.l1_loss(made.picture, pair.drawn),
        "kept": (made.kept * differs).mean(),
    }
    if looks is not None:
        terms |= utility(looks, made.picture, pair.patient, pair.landmarks)
    return {**terms, "total": torch.stack([WEIGHTS[name] * value for name, value in terms.items()]).sum()}
