"""DeepPrivacy behind medbench's interface."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor

from medbench.keys import Key
from medbench.methods.deepprivacy.model import SIGHT, generator
from medbench.methods.inpainting import InpaintingMethod
from medbench.methods.networks.inpainting import NOISE


class DeepPrivacy(InpaintingMethod, folder=Path(__file__).parent):
    """The face box is emptied; keypoints, background and noise say what is drawn into it."""

    sight = SIGHT
    new_network = staticmethod(generator)

    def code(self, key: Key | None, draws: Key) -> Tensor:
        """Noise from N(0, 1); the preset ``same`` draws the average face for everybody, as the authors do."""
        if self.preset == "same":
            return torch.zeros(1, NOISE)
        return torch.tensor(draws.normal(NOISE, "noise"))[None]
