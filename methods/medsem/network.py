"""MedSem-DeID's mini network with its frozen Enc_med and recogniser, in one weight file."""

from __future__ import annotations

from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn

from medbench.methods.medsem.model import MedSemMini
from medbench.methods.networks.denoising_unet import FirstHalf
from medbench.methods.networks.frozen import holding, write_state
from medbench.methods.networks.medical_encoder import MedicalEncoder
from medbench.methods.networks.recogniser import EMBEDDING, Recogniser, least_like
from medbench.methods.virtual_heads.chart_bytes import packed, unpacked

WEIGHTS_NAME = "mini.safetensors"
_DECODER = "core.decoder."


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
        """The virtual person (B,) that the key's ``numbers`` (B,) pick for each image."""
        return least_like(self.recogniser.embed(images), self.looks, numbers)

    def encrypt(self, images: Tensor, password: Tensor, person: Tensor, eyes: Tensor) -> Tensor:
        """X, whose eye centres are ``eyes`` (B, 2, 2), -> X_enc, before the code is put in."""
        maps = self.core.encrypt(images, self.medical.whole(images), password, person)
        return self.core.decoder.picture(maps, person, images, eyes)

    def decrypt(
        self, protected: Tensor, password: Tensor, person: Tensor, code: Tensor, carried: Tensor
    ) -> Tensor:
        """X_enc -> X-hat with the right password, another face with a wrong one."""
        return self.core.decrypt(protected, self.medical.whole(protected), password, person, code, carried)[0]

    def save(self, file: Path) -> Path:
        """Write fp16 safetensors; the charts, which are pictures, in 8 bits."""
        return write_state(packed(self.state_dict(), _DECODER), file)

    @classmethod
    def from_file(cls, file: Path) -> MedSem:
        """Read what :meth:`save` wrote; sizes are read off the tensors. Unavailable if it is broken."""
        with holding(file, cls.__name__):
            state = unpacked({k: v.float() for k, v in load_file(file).items()}, _DECODER)
            people, _, *charts = state[f"{_DECODER}albedo"].shape
            core = MedSemMini(people=people, charts=(charts[0], charts[1]))
            network = cls(MedicalEncoder(FirstHalf()), Recogniser(), core)
            network.load_state_dict(state)
        return network
