"""SimSwap behind medbench's interface."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import torch

from medbench.keys import Key
from medbench.methods.classical.alignment import laid_in, warped
from medbench.methods.face_region import Face
from medbench.methods.inner_face import inner_blend
from medbench.methods.method import MethodCard
from medbench.methods.networks.frozen import read_weights
from medbench.methods.simswap.alignment import into_crop
from medbench.methods.simswap.model import Generator
from medbench.methods.simswap.pairs import PEOPLE
from medbench.methods.trained_per_face import TrainedPerFace

_FOLDER = Path(__file__).parent


class SimSwap(TrainedPerFace):
    """Each face becomes that of one of the gallery's virtual persons, drawn from the picture."""

    card = MethodCard.read(_FOLDER / "card.yaml")
    weights = _FOLDER / "weights" / "mini.safetensors"

    def load(self, device: str = "cpu", preset: str | None = None) -> None:
        """Read the weights; Unavailable, with the command that makes them, where there are none."""
        super().load(device, preset)
        self.generator = read_weights(Generator(PEOPLE), self.weights, "simswap").to(device)

    def treat(self, pixels: np.ndarray, faces: Sequence[Face], draws: Key) -> np.ndarray:
        """See :meth:`PerFaceMethod.treat`."""
        for number, face in enumerate(faces):
            person = int.from_bytes(draws.bytes(8, f"face {number}"), "little") % PEOPLE
            pixels = self.swapped(pixels, face.landmarks, person)
        return pixels

    @torch.no_grad()
    def swapped(self, pixels: np.ndarray, landmarks: np.ndarray, person: int) -> np.ndarray:
        """Return ``pixels`` (H, W, 3) with a person of the gallery at ``landmarks`` (68, 2)."""
        matrix = into_crop(landmarks)
        crop = torch.from_numpy(warped(pixels, matrix)).permute(2, 0, 1)[None].to(self.device)
        drawn = self.generator(crop, self.generator.gallery[person : person + 1])[0]
        there, weight = cv2.invertAffineTransform(matrix), inner_blend(landmarks, *pixels.shape[:2])
        return laid_in(pixels, drawn.permute(1, 2, 0).cpu().numpy(), there, weight)
