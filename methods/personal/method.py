"""Personal behind medbench's interface."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from medbench.methods.carrier.seal import seal, unseal
from medbench.methods.face_region import find_face
from medbench.methods.face_window import Window, around, resize
from medbench.methods.keyed import KeyedMethod
from medbench.methods.method import MethodCard
from medbench.methods.networks.frozen import read_weights
from medbench.methods.networks.style_file import WEIGHTS as PRIOR
from medbench.methods.networks.style_prior import StylePrior
from medbench.methods.personal.model import UNITS, Disentangler, Personal
from medbench.methods.personal.rotation import rest, rotation

if TYPE_CHECKING:
    from medbench.keys import Key

_FOLDER = Path(__file__).parent
#: By how many degrees each preset turns the identity code.
DEGREES = {"weak": 45.0, "medium": 75.0, "strong": 105.0, "code-only": 75.0}
_NAME = "personal"
#: The first so many numbers of a block are its coefficients, which crowd the middle when a code is read
#: with the right key; with a wrong one they are uniform, and 12 times their variance is 1.
_COEFFICIENTS, _OPENS = 29, 0.5


class PersonalMethod(KeyedMethod):
    """Another person, as far away as the preset says and where the password points; and back."""

    card = MethodCard.read(_FOLDER / "card.yaml")
    weights = _FOLDER / "weights" / "mini.safetensors"
    shared = (PRIOR,)

    def load(self, device: str = "cpu", preset: str | None = None) -> None:
        """Read the prior's and the encoder's weights."""
        super().load(device, preset)
        prior, reads = StylePrior.from_file(), read_weights(Disentangler(), self.weights, self.card.name)
        self.network = Personal(prior.to(device), reads.to(device))

    def protect(self, images: Tensor, keys: Sequence[Key]) -> Tensor:
        """Protect the largest face of each picture (B, 3, H, W); one key per picture."""
        out = images.clone()
        for index, (image, key) in enumerate(zip(images, keys, strict=True)):
            window = around(find_face(image), *image.shape[1:])
            aside = rest(key, StylePrior.IDENTITY, DEGREES[self.preset]).to(self.device)
            shown = self.network.protect(image[None].to(self.device), window, self._turn(key), aside)[0].cpu()
            out[index] = (
                shown if self.preset == "code-only" else self._sealed(image.cpu(), shown, window, key)
            )
        return out

    @torch.no_grad()
    def restore(self, images: Tensor, keys: Sequence[Key]) -> Tensor:
        """Turn the code that each picture shows back by its key; another person with a wrong one."""
        out = images.clone()
        for index, (image, key) in enumerate(zip(images, keys, strict=True)):
            if self.preset == "code-only":
                window = around(find_face(image), *image.shape[1:])
                out[index] = self._back(image.cpu(), window, key)
                continue
            window, code, missed = unseal(image, key, _NAME)
            drawn = self._back(image.cpu(), window, key)
            if 12 * (code[..., :_COEFFICIENTS] - 0.5).square().mean() < _OPENS:
                face = resize(window.native(drawn), missed.shape[-1]) + 2 * missed - 1
                drawn = window.paste(drawn, face.clamp(0, 1))
            out[index] = drawn
        return out

    def _turn(self, key: Key) -> Tensor:
        return rotation(key, UNITS, DEGREES[self.preset]).to(self.device)

    def _back(self, image: Tensor, window: Window, key: Key) -> Tensor:
        return self.network.back(image[None].to(self.device), window, self._turn(key))[0].cpu()

    def _sealed(self, image: Tensor, shown: Tensor, window: Window, key: Key) -> Tensor:
        """``shown``, carrying what turning it back misses of ``image``: it is turned back to see."""
        nothing = torch.full_like(image, 0.5)
        held = (seal(nothing, shown, window, key, _NAME) * 255).round() / 255
        missed = (image - self._back(held, window, key)) / 2 + 0.5
        return seal(missed, shown, window, key, _NAME)
