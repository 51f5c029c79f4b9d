"""CIAGAN behind medbench's interface."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor

from medbench.keys import Key
from medbench.methods.ciagan.model import PEOPLE, SIGHT, generator
from medbench.methods.inpainting import InpaintingMethod
from medbench.methods.method import MethodCard
from medbench.methods.networks.inpainting import Inpainter

_FOLDER = Path(__file__).parent


class Ciagan(InpaintingMethod):
    """The key chooses one of 32 identities, which is drawn between the patient's landmarks."""

    card = MethodCard.read(_FOLDER / "card.yaml")
    weights = _FOLDER / "weights" / "mini.safetensors"
    sight = SIGHT

    def new_network(self) -> Inpainter:
        """See :meth:`InpaintingMethod.new_network`."""
        return generator()

    def code(self, key: Key | None, draws: Key) -> Tensor:
        """The one-hot of the identity that the key chooses; without a key, of one that is drawn."""
        return torch.eye(PEOPLE)[[identity_of(key or draws)]]


def identity_of(key: Key) -> int:
    """Which of the 32 identities a key chooses."""
    return int(key.uniform(1, "identity")[0] * PEOPLE)
