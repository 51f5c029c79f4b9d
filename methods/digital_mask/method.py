"""Digital Mask behind medbench's interface."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch

from medbench.keys import Key
from medbench.methods.digital_mask.mask import GREY, draw_mask
from medbench.methods.digital_mask.motion import Fit
from medbench.methods.face_region import Face
from medbench.methods.face_window import SIDE, around
from medbench.methods.method import MethodCard
from medbench.methods.per_face import PerFaceMethod

_FOLDER = Path(__file__).parent


class DigitalMask(PerFaceMethod):
    """One grey head for everybody, with the patient's pose, mouth, eyelids and eyeballs."""

    card = MethodCard.read(_FOLDER / "card.yaml")
    weights = _FOLDER / "weights" / "mini.safetensors"

    def load(self, device: str = "cpu", preset: str | None = None) -> None:
        """Read the maps; nothing runs on ``device``."""
        super().load(device, preset)
        self.fit = Fit.read(self.weights)

    def depends_on(self) -> tuple[str, ...]:
        """The digest of the maps."""
        return (hashlib.sha256(self.weights.read_bytes()).hexdigest(),)

    def treat(self, pixels: np.ndarray, faces: Sequence[Face], draws: Key) -> np.ndarray:
        """Grey everywhere, and a mask where each face was."""
        out = torch.full((3, *pixels.shape[:2]), GREY)
        for face in reversed(faces):
            window = around(face.box, *pixels.shape[:2])
            scale = SIDE / window.side
            placed = (face.landmarks - [window.left, window.top] + 0.5) * scale - 0.5
            drawn = draw_mask(self.fit(pixels, face.landmarks), placed)
            out = window.paste(out, torch.from_numpy(drawn).permute(2, 0, 1))
        return out.permute(1, 2, 0).numpy()
