"""The base of methods that find the faces of each picture and treat them, one picture at a time."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import torch

from medbench.keys import Key
from medbench.methods.face_region import Face, find_faces
from medbench.methods.method import Method

if TYPE_CHECKING:
    from medbench.core import Batch


class PerFaceMethod(Method):
    """Write ``treat``; pictures come as numpy arrays, on the CPU, each by itself.

    Every face that is found is treated, not the largest alone: a bystander is a patient too.
    """

    _preset: str | None = None

    @property
    def preset(self) -> str:
        """The preset chosen by ``load``, or the card's default."""
        return self._preset or self.card.default_preset

    def load(self, device: str = "cpu", preset: str | None = None) -> None:
        """Choose a preset of the card; nothing runs on ``device``."""
        self._preset = self.card.preset(preset)

    def fingerprint(self) -> str:
        """sha256 of the method's name, the preset and what :meth:`depends_on` lists."""
        return hashlib.sha256(
            "\n".join((self.card.name, self.preset, *self.depends_on())).encode()
        ).hexdigest()

    def depends_on(self) -> tuple[str, ...]:
        """Digests of the files that ``load`` read."""
        return ()

    def anonymize(self, batch: Batch, keys: Sequence[Key] | None = None) -> torch.Tensor:
        """Protect each picture; FaceNotFound where one shows no face."""
        treated = batch.images.clone()
        for index, image in enumerate(batch.images):
            faces = find_faces(image)
            pixels = image.detach().cpu().permute(1, 2, 0).numpy().copy()
            key = draws_for(pixels, keys[index] if keys is not None else None)
            protected = self.treat(pixels, faces, key).clip(0, 1).astype(np.float32)
            treated[index] = torch.from_numpy(protected).permute(2, 0, 1)
        return treated

    def treat(self, pixels: np.ndarray, faces: Sequence[Face], draws: Key) -> np.ndarray:
        """Return the protected picture.

        Args:
            pixels: float32 RGB (H, W, 3) in [0, 1], the method's own to change.
            faces: at least one, largest first.
            draws: where all randomness of this picture comes from.

        """
        raise NotImplementedError


def draws_for(pixels: np.ndarray, key: Key | None) -> Key:
    """Return a key for one picture's random draws: of its 8-bit content, and of ``key`` if there is one.

    Without a key the draws can be repeated by whoever holds the original, and by nobody else.
    """
    content = hashlib.sha256((pixels * 255).round().astype(np.uint8).tobytes()).hexdigest()
    return Key.from_names("draws", content, key.bytes(32, "draws").hex() if key else "unkeyed")
