"""Disguise behind medbench's interface."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from medbench.keys import Key
from medbench.methods.disguise.generator import Generator
from medbench.methods.disguise.obfuscate import obfuscated
from medbench.methods.face_region import Face
from medbench.methods.face_window import Window, around
from medbench.methods.method import MethodCard
from medbench.methods.networks.frozen import read_weights
from medbench.methods.networks.head_swap import head_swap
from medbench.methods.networks.style_encoder import StyleEncoder
from medbench.methods.networks.style_file import WEIGHTS as PRIOR
from medbench.methods.networks.style_prior import StylePrior
from medbench.methods.trained_per_face import TrainedPerFace

_FOLDER = Path(__file__).parent


class Disguise(TrainedPerFace):
    """The head of a drawn person in the patient's scene; what the experts ask for stays the patient's."""

    card = MethodCard.read(_FOLDER / "card.yaml")
    weights = _FOLDER / "weights"
    shared = (PRIOR,)

    def load(self, device: str = "cpu", preset: str | None = None) -> None:
        """Read prior, encoder and the preset's generator; all runs on the CPU, one face at a time."""
        super().load(device, preset)
        self.generator = read_weights(Generator(), self.weight_file(), self.card.name)
        self.prior, self.encoder = StylePrior.from_file(), StyleEncoder.from_file()

    def weight_file(self) -> Path:
        """The generator of the preset."""
        return self.weights / f"{self.preset}.safetensors"

    @torch.no_grad()
    def treat(self, pixels: np.ndarray, faces: Sequence[Face], draws: Key) -> np.ndarray:
        """Give every face a drawn person's head, each of its own draw."""
        out = torch.from_numpy(pixels).permute(2, 0, 1)
        for place, face in reversed(list(enumerate(faces))):
            window = around(face.box, *pixels.shape[:2])
            identity, scene = self.encoder.encode(window.cut(out, StylePrior.SIDE)[None])
            new = obfuscated(self.prior, identity[0], draws, f"face {place}")
            out = self.disguised(out, window, new[None], identity, scene)
        return out.permute(1, 2, 0).numpy()

    @torch.no_grad()
    def disguised(
        self, picture: Tensor, window: Window, new: Tensor, identity: Tensor, scene: Tensor
    ) -> Tensor:
        """One picture (3, H, W) with the head of code ``new`` (1, 64) for that of ``identity`` (1, 64)."""
        drawn = swapped(self.prior, picture[None], window, new, identity, scene)[0]
        made = self.generator(window.cut(picture)[None], window.cut(drawn)[None]).picture[0]
        return window.paste(drawn, made)


def swapped(
    prior: StylePrior, pictures: Tensor, window: Window, new: Tensor, identity: Tensor, scene: Tensor
) -> Tensor:
    """Pictures (B, 3, H, W) whose heads of ``identity`` give place to heads of ``new``, in ``scene``."""
    gone = prior(identity, scene)[:, 3:]
    return head_swap(pictures, prior(new, scene), gone, window).clamp(0, 1)
