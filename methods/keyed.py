"""The base of methods that protect each picture under a key of its own, with networks read from a file."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from medbench.methods.method import Method

if TYPE_CHECKING:
    from medbench.core import Batch
    from medbench.keys import Key


class KeyedMethod(Method):
    """Write ``load``, which calls this one's first, ``protect``, and ``restore`` where there is a way back.

    Attributes:
        weights: The method's own weight file, or the folder of one for each preset.
        shared: Weight files that other methods read too.
        device: Where the networks run, from ``load``.
        preset: Chosen by ``load``, or the card's default.
    """

    weights: Path
    shared: tuple[Path, ...] = ()
    device: str
    preset: str

    def load(self, device: str = "cpu", preset: str | None = None) -> None:
        """Choose device and preset; nothing is read yet."""
        self.device, self.preset = device, self.card.preset(preset)

    def weight_file(self) -> Path:
        """The method's own weight file under the chosen preset."""
        return self.weights

    def fingerprint(self) -> str:
        """sha256 of the weight files, and of the preset where there are several."""
        digest = hashlib.sha256(self.preset.encode() if len(self.card.presets) > 1 else b"")
        for file in (self.weight_file(), *self.shared):
            digest.update(file.read_bytes())
        return digest.hexdigest()

    @torch.no_grad()
    def anonymize(self, batch: Batch, keys: Sequence[Key] | None = None) -> Tensor:
        """Protect ``batch.images`` (B, 3, H, W); one key per picture."""
        if keys is None:
            raise ValueError(f"{self.card.name} is keyed: give one Key per picture")
        return self.protect(batch.images, keys)

    def protect(self, images: Tensor, keys: Sequence[Key]) -> Tensor:
        """Return protected pictures, a new tensor like ``images``; no gradients are kept."""
        raise NotImplementedError
