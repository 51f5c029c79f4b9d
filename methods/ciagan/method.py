"""CIAGAN behind medbench's interface."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor

from medbench.keys import Key
from medbench.methods.ciagan.model import PEOPLE, SIGHT, generator
from medbench.methods.inpainting import InpaintingMethod


class Ciagan(InpaintingMethod, folder=Path(__file__).parent):
    """The key chooses one of 32 identities, which is drawn between the patient's landmarks."""

    sight = SIGHT
    new_network = staticmethod(generator)

    def code(self, key: Key | None, draws: Key) -> Tensor:
        """The one-hot of the identity that the key chooses; without a key, of one that is drawn."""
        return torch.eye(PEOPLE)[[identity_of(key or draws)]]


def identity_of(key: Key) -> int:
    """Which of the 32 identities a key chooses."""
    return int(key.uniform(1, "identity")[0] * PEOPLE)
