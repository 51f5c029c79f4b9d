"""MedSem-DeID's mini network with its frozen Enc_med and recogniser, in one weight file."""

from __future__ import annotations

from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn

from medbench.methods.medsem.model import MedSemMini
from medbench.methods.networks.denoising_unet import FirstHalf
from medbench.methods.networks.frozen import write_state
from medbench.methods.networks.medical_encoder import MedicalEncoder
from medbench.methods.networks.recogniser import EMBEDDING, Recogniser

WEIGHTS_NAME = "mini.safetensors"
#: Charts that are written in 8 bits, and the range that these stand for.
_CHARTS = {"core.decoder.albedo": (0.0, 1.0), "core.decoder.surface": (-1.0, 1.0)}


class MedSem(nn.Module):
    """``encrypt`` and ``decrypt`` for pictures (B, 3, 256, 256) in [0, 1], P (B, 512), person (B,)."""

    looks: Tensor

    def __init__(self, medical: MedicalEncoder, recogniser: Recogniser, core: MedSemMini) -> None:
        super().__init__()
        self.medical, self.recogniser, self.core = medical, recogniser, core
        #: What the recogniser says of each virtual person: unit vectors (people, 128).
        self.register_buffer("looks", torch.zeros(self.people, EMBEDDING))

    @property
    def people(self) -> int:
        """How many virtual persons the decoder can draw."""
        return self.core.decoder.albedo.shape[0]

    def unlike(self, images: Tensor, numbers: Tensor) -> Tensor:
        """The virtual person (B,) that the key's ``numbers`` (B,) pick for each image.

        Out of the quarter that is least like the patient: another face, not a cousin's.
        """
        likeness = self.recogniser.embed(images) @ self.looks.T
        few = max(self.people // 4, 1)
        # In order of number, so that a rounding error in two nearly equal likenesses changes little.
        least = likeness.argsort(dim=1)[:, :few].sort(dim=1).values
        return least.gather(1, (numbers % few)[:, None])[:, 0]

    def encrypt(self, images: Tensor, password: Tensor, person: Tensor, eyes: Tensor) -> Tensor:
        """X, whose eye centres are ``eyes`` (B, 2, 2), -> X_enc, before the code is put in."""
        maps = self.core.encrypt(images, self.medical.whole(images), password, person)
        return self.core.decoder.picture(maps, person, images, eyes)

    def decrypt(
        self, protected: Tensor, password: Tensor, person: Tensor, code: Tensor, carried: Tensor
    ) -> Tensor:
        """X_enc -> X-hat with the right password, another face with a wrong one."""
        return self.core.decrypt(protected, self.medical.whole(protected), password, person, code, carried)[0]

    def save(self, file: Path) -> None:
        """Write fp16 safetensors; the charts, which are pictures, in 8 bits."""
        state = self.state_dict()
        for name, (low, high) in _CHARTS.items():
            state[name] = ((state[name] - low) * (255 / (high - low))).round().clamp(0, 255).byte()
        write_state(state, file)

    @classmethod
    def from_file(cls, file: Path) -> MedSem:
        """Read what :meth:`save` wrote; sizes are read off the tensors."""
        state = {k: v.float() for k, v in load_file(file).items()}
        for name, (low, high) in _CHARTS.items():
            state[name] = state[name] * ((high - low) / 255) + low
        people, _, *charts = state["core.decoder.albedo"].shape
        core = MedSemMini(people=people, charts=(charts[0], charts[1]))
        network = cls(MedicalEncoder(FirstHalf()), Recogniser(), core)
        network.load_state_dict(state)
        return network
