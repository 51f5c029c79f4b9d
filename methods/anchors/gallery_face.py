"""Anchors that paste a face of the gallery: the mean of all, and one of them at random."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from medbench.keys import Key
from medbench.methods.classical.alignment import paste
from medbench.methods.classical.gallery import shipped
from medbench.methods.face_region import Face
from medbench.methods.method import MethodCard
from medbench.methods.per_face import PerFaceMethod

_HERE = Path(__file__)


class MeanFace(PerFaceMethod):
    """Everyone gets the same face, the mean of the gallery: what hides a face, and keeps nothing."""

    card = MethodCard.read(_HERE.with_name("card_mean_face.yaml"))

    def load(self, device: str = "cpu", preset: str | None = None) -> None:
        """Read the gallery."""
        super().load(device, preset)
        self.gallery = shipped()
        self.mean = self.gallery.faces.mean(axis=0)

    def depends_on(self) -> tuple[str, ...]:
        """The gallery's digest."""
        return (self.gallery.digest,)

    def treat(self, pixels: np.ndarray, faces: Sequence[Face], draws: Key) -> np.ndarray:
        """See :meth:`PerFaceMethod.treat`."""
        for number, face in enumerate(faces):
            pixels = paste(pixels, self.stand_in(draws, number), face.landmarks, self.gallery.template)
        return pixels

    def stand_in(self, draws: Key, number: int) -> np.ndarray:
        """The face (128, 128, 3) for face ``number`` of a picture."""
        return self.mean


class RandomFace(MeanFace):
    """Each picture gets another person's face, drawn from its content: a picture's own, never a person's."""

    card = MethodCard.read(_HERE.with_name("card_random_face.yaml"))

    def stand_in(self, draws: Key, number: int) -> np.ndarray:
        """A face of the gallery, all alike likely."""
        drawn = int.from_bytes(draws.bytes(8, f"face {number}"), "little")
        return self.gallery.faces[drawn % len(self.gallery.faces)]
