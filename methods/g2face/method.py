"""G2Face behind medbench's interface."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from medbench.methods.face_region import find_face
from medbench.methods.face_window import Window, around
from medbench.methods.g2face.fusion import WEIGHTS_NAME, Fusion
from medbench.methods.g2face.hiding import find, hide
from medbench.methods.keyed import KeyedMethod
from medbench.methods.method import MethodCard
from medbench.methods.networks.head_swap import head_swap
from medbench.methods.networks.style_encoder import StyleEncoder
from medbench.methods.networks.style_file import WEIGHTS as PRIOR
from medbench.methods.networks.style_prior import StylePrior

if TYPE_CHECKING:
    from medbench.keys import Key

FOLDER = Path(__file__).parent
#: Root mean square of an identity's numbers that no person of the suite exceeds.
_LARGEST = 1.3


class G2Face(KeyedMethod):
    """A drawn person in the patient's geometry; who it was hides in the picture, under the key."""

    card = MethodCard.read(FOLDER / "card.yaml")
    weights = FOLDER / "weights" / WEIGHTS_NAME
    shared = (PRIOR,)

    def load(self, device: str = "cpu", preset: str | None = None) -> None:
        """Read the fusion's weights and the shared style prior's."""
        super().load(device, preset)
        self.fusion = Fusion.from_file(self.weights).to(device)
        self.prior = StylePrior.from_file().to(device)
        self.encoder = StyleEncoder.from_file().to(device)

    def protect(self, images: Tensor, keys: Sequence[Key]) -> Tensor:
        """Draw each key's person into ``images`` (B, 3, H, W) and hide who was there."""
        out = images.clone()
        for image, key in zip(out, keys, strict=True):
            window = around(find_face(image), *image.shape[1:])
            identity, drawn = self.swap(image, self.prior.sample([key]), window)
            image.copy_(hide(drawn, identity, window, key, image))
        return out

    @torch.no_grad()
    def restore(self, images: Tensor, keys: Sequence[Key]) -> Tensor:
        """Draw the person whose identity each key reads from the protected 8-bit picture."""
        out = images.clone()
        for image, key in zip(out, keys, strict=True):
            window, identity = find(image, key, StylePrior.IDENTITY)
            # The numbers of a person have size 1; those that a wrong key reads are brought to it.
            identity = identity * (_LARGEST / identity.square().mean().sqrt()).clamp(max=1)
            _, drawn = self.swap(image, self.prior.definite(identity[None].to(self.device)), window)
            image.copy_(drawn)
        return out

    def swap(self, image: Tensor, code: Tensor, window: Window) -> tuple[Tensor, Tensor]:
        """The identity (64,) in ``window`` of a picture (3, H, W), and the picture as ``code`` (1, 64)."""
        seen = window.cut(image, StylePrior.SIDE)[None].to(self.device)
        own, scene = self.encoder.encode(seen)
        gone = self.prior(own, scene)[:, 3:]
        head = self.fusion(self.prior, self.prior.styles(code.to(self.device), scene), seen)
        return own[0].cpu(), head_swap(image[None], head.to(image), gone.to(image), window)[0]
