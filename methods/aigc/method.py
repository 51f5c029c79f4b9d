"""AIGC behind medbench's interface."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import torch

from medbench.keys import Key
from medbench.methods.aigc.frame import Frame
from medbench.methods.aigc.model import COARSE, FINE, Filler
from medbench.methods.classical.alignment import laid_in, warped
from medbench.methods.face_region import Face
from medbench.methods.method import MethodCard
from medbench.methods.networks.frozen import read_weights
from medbench.methods.per_face import draws_for
from medbench.methods.trained_per_face import TrainedPerFace

_FOLDER = Path(__file__).parent
#: Growth of the hole, and DDIM steps.
_PRESETS = {
    "weak": (1.0, 12),
    "medium": (1.12, 12),
    "strong": (1.25, 12),
    "steps-4": (1.12, 4),
    "steps-30": (1.12, 30),
}


class Aigc(TrainedPerFace):
    """The face is cut out and a diffusion model draws another into the hole."""

    card = MethodCard.read(_FOLDER / "card.yaml")
    weights = _FOLDER / "weights" / "mini.safetensors"

    def load(self, device: str = "cpu", preset: str | None = None) -> None:
        """Read the weights; Unavailable, with the command that makes them, where there are none."""
        super().load(device, preset)
        self.filler = read_weights(Filler(), self.weights, "aigc").to(device)
        self.frame = Frame(self.filler.template.cpu().numpy())
        self.growth, self.steps = _PRESETS[self.preset]

    def treat(self, pixels: np.ndarray, faces: Sequence[Face], draws: Key) -> np.ndarray:
        """See :meth:`PerFaceMethod.treat`; all faces are cut out before the first is drawn."""
        height, width = pixels.shape[:2]
        weights = [self.frame.weight(face.landmarks, height, width, self.growth) for face in faces]
        hole = np.max(weights, axis=0) == 1
        pixels[hole] = 0.5
        # A draw from the whole picture would let the face choose its own substitute.
        noise = draws_for(pixels, None)
        for number, (face, weight) in enumerate(zip(faces, weights, strict=True)):
            matrix = self.frame.matrix(face.landmarks)
            drawn = self._drawn(pixels, hole, matrix, noise.normal(3 * COARSE**2, f"face {number}"))
            pixels = laid_in(pixels, drawn, cv2.invertAffineTransform(matrix), weight)
        return pixels

    def _drawn(
        self, pixels: np.ndarray, hole: np.ndarray, matrix: np.ndarray, noise: np.ndarray
    ) -> np.ndarray:
        touched = warped(hole.astype(np.float32)[..., None], matrix, FINE) > 0
        picture = torch.from_numpy(warped(pixels, matrix, FINE)).permute(2, 0, 1)[None]
        inside = torch.from_numpy(touched.astype(np.float32)).reshape(1, 1, FINE, FINE)
        start = torch.from_numpy(noise).reshape(1, 3, COARSE, COARSE)
        picture, inside, start = (part.to(self.device) for part in (picture, inside, start))
        return self.filler.fill(picture, inside, start, self.steps)[0].permute(1, 2, 0).cpu().numpy()
