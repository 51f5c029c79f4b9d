"""Password behind medbench's interface."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from medbench.methods.face_window import Window
from medbench.methods.keyed import KeyedMethod
from medbench.methods.method import MethodCard
from medbench.methods.networks.lattice import SIDE
from medbench.methods.networks.resample import grow, shrink
from medbench.methods.networks.sketch import Sketcher
from medbench.methods.networks.steady_square import squares_near, steady_square
from medbench.methods.networks.style_file import WEIGHTS as PRIOR
from medbench.methods.password.bits import passwords, person, tint
from medbench.methods.password.transformer import WEIGHTS_NAME, FaceIdentityTransformer, Transformed

if TYPE_CHECKING:
    from medbench.keys import Key

FOLDER = Path(__file__).parent


class Password(KeyedMethod):
    """Another face under 16 bits; the complement brings the first one back from the 8-bit picture."""

    card = MethodCard.read(FOLDER / "card.yaml")
    weights = FOLDER / "weights" / WEIGHTS_NAME
    shared = (PRIOR,)

    def load(self, device: str = "cpu", preset: str | None = None) -> None:
        """Read the transformer's weights and the shared style prior's."""
        super().load(device, preset)
        self.network = FaceIdentityTransformer.from_file(self.weights).to(device)
        self.sketcher = Sketcher.from_files(device)

    def protect(self, images: Tensor, keys: Sequence[Key]) -> Tensor:
        """Transform ``images`` (B, 3, H, W) under the keys' passwords."""
        out = images.clone()
        for image, key in zip(out, keys, strict=True):
            square = steady_square(image)
            drawn = self.transform(shrink(square.native(image), SIDE), passwords([key])[0]).drawn[0]
            square.native(image).copy_(grow(drawn, square.side).clamp(0, 1))
        return out

    @torch.no_grad()
    def restore(self, images: Tensor, keys: Sequence[Key]) -> Tensor:
        """Transform protected 8-bit pictures under the complements of the keys' passwords."""
        out = images.clone()
        for image, key in zip(out, keys, strict=True):
            bits = -passwords([key])[0]
            square = self._square(image, bits)
            found = self.transform(shrink(square.native(image), SIDE), bits).picture[0]
            square.native(image).copy_(grow(found, square.side).clamp(0, 1))
        return out

    def transform(self, picture: Tensor, bits: Tensor) -> Transformed:
        """T of one picture (3, 128, 128) under one password (16,): a batch of one."""
        pictures, bits = picture[None].to(self.device), bits[None].to(self.device)
        sketches, _ = self.sketcher(pictures, self.network.people[person(bits)], tint(bits))
        return self.network(pictures, sketches, bits)

    def _square(self, image: Tensor, bits: Tensor) -> Window:
        """The square near the face that ``bits`` open best."""
        squares = squares_near(steady_square(image), image)
        marks = [self._mark(square, image, bits) for square in squares]
        best = max(range(len(squares)), key=marks.__getitem__)
        return squares[best] if marks[best] > 0.5 else squares[0]

    def _mark(self, square: Window, image: Tensor, bits: Tensor) -> float:
        picture = shrink(square.native(image), SIDE)[None].to(self.device)
        return float(self.network.secret.read(picture, bits[None].to(self.device))[1])
