"""DeepPrivacy2 behind medbench's interface."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor

from medbench.keys import Key
from medbench.methods.deepprivacy2.model import SIGHT, generator
from medbench.methods.inpainting import InpaintingMethod
from medbench.methods.networks.inpainting import NOISE

#: How far z lies from the average face: all of it, half, nothing.
_TRUNCATION = {"mini": 1.0, "half": 0.5, "mean": 0.0}
#: Modes of the multi-modal preset, and how far from its mode a face lies.
_MODES, _AWAY = 16, 0.35


class DeepPrivacy2(InpaintingMethod, folder=Path(__file__).parent):
    """A large region is emptied; a style-modulated U-Net draws into it."""

    sight = SIGHT
    new_network = staticmethod(generator)

    def code(self, key: Key | None, draws: Key) -> Tensor:
        """Noise from N(0, 1), drawn towards the average face or, in ``multimodal``, to one of 16 faces."""
        z = torch.tensor(draws.normal(NOISE, "noise"))[None]
        if self.preset != "multimodal":
            return _TRUNCATION[self.preset] * z
        mode = int(draws.uniform(1, "mode")[0] * _MODES)
        centre = Key.from_names("deepprivacy2", "mode", mode).normal(NOISE, "noise")
        return _AWAY * z + (1 - _AWAY**2) ** 0.5 * torch.tensor(centre)[None]
