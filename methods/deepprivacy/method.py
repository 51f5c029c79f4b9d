"""DeepPrivacy behind medbench's interface."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor

from medbench.keys import Key
from medbench.methods.deepprivacy.model import SIGHT, generator
from medbench.methods.inpainting import InpaintingMethod
from medbench.methods.method import MethodCard
from medbench.methods.networks.inpainting import NOISE, Inpainter

_FOLDER = Path(__file__).parent


class DeepPrivacy(InpaintingMethod):
    """The face box is emptied; keypoints, background and noise say what is drawn into it."""

    card = MethodCard.read(_FOLDER / "card.yaml")
    weights = _FOLDER / "weights" / "mini.safetensors"
    sight = SIGHT

    def new_network(self) -> Inpainter:
        """See :meth:`InpaintingMethod.new_network`."""
        return generator()

    def code(self, key: Key | None, draws: Key) -> Tensor:
        """Noise from N(0, 1); the preset ``same`` draws the average face for everybody, as the authors do."""
        if self.preset == "same":
            return torch.zeros(1, NOISE)
        return torch.tensor(draws.normal(NOISE, "noise"))[None]
