"""Feature DP: Laplace noise on a face's features, and the face drawn again from them.

Any two faces are neighbours. Every feature is cut to two standard deviations of the gallery, so
that in units of its deviation it moves by at most 4 between neighbours, and d features by 4 d (L1):
noise of scale 4 d / epsilon on each makes the features epsilon-differentially private.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from medbench.keys import Key
from medbench.methods.classical.alignment import cut, paste
from medbench.methods.classical.gallery import shipped
from medbench.methods.classical.pixel_dp import laplace
from medbench.methods.face_region import Face
from medbench.methods.method import MethodCard
from medbench.methods.per_face import PerFaceMethod

EPSILON = {"weak": 300.0, "medium": 100.0, "strong": 30.0}
FEATURES = 24
_LIMIT = 2.0


class FeatureDP(PerFaceMethod):
    """Principal components of the aligned face with Laplace noise, drawn from the key and the picture."""

    card = MethodCard.read(Path(__file__).with_name("card_feature_dp.yaml"))

    def load(self, device: str = "cpu", preset: str | None = None) -> None:
        """Read the gallery and take its principal components."""
        super().load(device, preset)
        self.gallery = shipped()
        flat = self.gallery.faces.reshape(len(self.gallery.faces), -1)
        self.mean = flat.mean(axis=0)
        _, size, rows = np.linalg.svd(flat - self.mean, full_matrices=False)
        self.deviations = size[:FEATURES] / np.sqrt(len(flat) - 1)
        self.components = rows[:FEATURES]

    def depends_on(self) -> tuple[str, ...]:
        """The gallery's digest."""
        return (self.gallery.digest,)

    def features(self, aligned: np.ndarray) -> np.ndarray:
        """An aligned face (SIDE, SIDE, 3) as ``FEATURES`` numbers in gallery deviations, within 2."""
        found = self.components @ (aligned.ravel() - self.mean) / self.deviations
        return np.clip(found, -_LIMIT, _LIMIT)

    def treat(self, pixels: np.ndarray, faces: Sequence[Face], draws: Key) -> np.ndarray:
        """See :meth:`PerFaceMethod.treat`."""
        scale = 2 * _LIMIT * FEATURES / EPSILON[self.preset]
        clear = pixels.copy()
        for number, face in enumerate(faces):
            aligned = cut(clear, face.landmarks, self.gallery.template)
            noisy = self.features(aligned) + scale * laplace(draws, (FEATURES,), f"features {number}")
            # Looking at the noisy features alone costs no privacy; beyond the limit no face is found.
            drawn = self.mean + np.clip(noisy, -_LIMIT, _LIMIT) * self.deviations @ self.components
            drawn = drawn.reshape(aligned.shape).clip(0, 1).astype(np.float32)
            pixels = paste(pixels, drawn, face.landmarks, self.gallery.template)
        return pixels
