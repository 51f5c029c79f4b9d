"""The base of methods that treat every face with networks read from a weight file."""

from __future__ import annotations

import hashlib
from pathlib import Path

from medbench.methods.per_face import PerFaceMethod


class TrainedPerFace(PerFaceMethod):
    """Write ``load``, which calls this one's first, and ``treat``.

    Attributes:
        weights: The method's own weight file, or the folder of one for each preset.
        shared: Weight files that other methods read too.
        device: Where the networks run, from ``load``.
    """

    weights: Path
    shared: tuple[Path, ...] = ()
    device: str

    def load(self, device: str = "cpu", preset: str | None = None) -> None:
        """Choose device and preset; nothing is read yet."""
        super().load(device, preset)
        self.device = device

    def weight_file(self) -> Path:
        """The method's own weight file under the chosen preset."""
        return self.weights

    def depends_on(self) -> tuple[str, ...]:
        """The digests of the weight files."""
        files = (self.weight_file(), *self.shared)
        return tuple(hashlib.sha256(file.read_bytes()).hexdigest() for file in files)
