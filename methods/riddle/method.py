"""RiDDLE behind medbench's interface."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from medbench.methods.face_region import find_faces
from medbench.methods.face_window import around
from medbench.methods.keyed import KeyedMethod
from medbench.methods.method import MethodCard
from medbench.methods.networks.head_swap import head_swap
from medbench.methods.networks.style_file import WEIGHTS as PRIOR
from medbench.methods.riddle.model import Riddle

if TYPE_CHECKING:
    from medbench.keys import Key

FOLDER = Path(__file__).parent


class RiddleMethod(KeyedMethod):
    """The person of the picture encrypted in W+ under a password, and drawn anew in the same scene."""

    card = MethodCard.read(FOLDER / "card.yaml")
    weights = FOLDER / "weights" / "mini.safetensors"
    shared = (PRIOR,)

    def load(self, device: str = "cpu", preset: str | None = None) -> None:
        """Read the style prior, its encoder, and the encryptor."""
        super().load(device, preset)
        # eval(): the shipped script leaves dropout on, and its pictures differ from run to run.
        self.riddle = Riddle.from_file(self.weights).to(device).eval()

    def protect(self, images: Tensor, keys: Sequence[Key]) -> Tensor:
        """Protect ``images`` (B, 3, H, W); one key per picture."""
        return self._crypted(images, keys)

    @torch.no_grad()
    def restore(self, images: Tensor, keys: Sequence[Key]) -> Tensor:
        """Read the protected person again and decrypt; a wrong key gives another stranger."""
        return self._crypted(images, keys)

    def _crypted(self, images: Tensor, keys: Sequence[Key]) -> Tensor:
        if not len(images):
            return images.clone()
        return torch.stack([self._one(image, key) for image, key in zip(images, keys, strict=True)])

    def _one(self, image: Tensor, key: Key) -> Tensor:
        """The same way for encryption and decryption: the paper's one mapper does both."""
        out = image[None]
        for face in find_faces(image):
            window = around(face.box, *image.shape[1:])
            own, new = self.heads(window.cut(image, self.riddle.prior.SIDE)[None].to(self.device), key)
            out = head_swap(out, new.to(image), own[:, 3:].to(image), window)
        return out[0]

    def heads(self, faces: Tensor, key: Key) -> tuple[Tensor, Tensor]:
        """Heads (1, 4, 128, 128) as drawn from what is read in faces (1, 3, 128, 128), and crypted."""
        riddle = self.riddle
        codes, scene = riddle.encoder.encode(faces)
        crypted = riddle.crypt(codes, riddle.passwords([key]).to(codes))
        return riddle.prior(codes, scene), riddle.prior(crypted, scene)
