"""ROFI behind medbench's interface."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor

from medbench.core import Unavailable
from medbench.keys import Key
from medbench.methods.carrier.seal import seal, unseal
from medbench.methods.eye_window import eye_centres
from medbench.methods.face_region import find_faces
from medbench.methods.face_window import around
from medbench.methods.keyed import KeyedMethod
from medbench.methods.method import MethodCard
from medbench.methods.networks.placed_head import KEY
from medbench.methods.networks.style_file import WEIGHTS as PRIOR
from medbench.methods.per_face import draws_for
from medbench.methods.rofi.network import THRESHOLD, Rofi, depth_of

FOLDER = Path(__file__).parent
_NAME = "rofi"


class RofiMethod(KeyedMethod):
    """Signs stay where the detector sees them, the rest becomes the face of the key."""

    card = MethodCard.read(FOLDER / "card.yaml")
    weights = FOLDER / "weights"
    shared = (PRIOR,)

    def load(self, device: str = "cpu", preset: str | None = None) -> None:
        """Read the weights of ``preset``; thresholds and leaving parts out need no weights of their own."""
        super().load(device, preset)
        preset, file = self.preset, self.weight_file()
        if not file.is_file():
            trained = file.stem
            raise Unavailable(
                f"{file} is missing: `medbench train --method rofi --suite mema-mini --preset {trained} "
                f"--out runs/rofi` writes it into runs/rofi; copy it there"
            )
        self.rofi = Rofi.from_file(file, depth_of(file.stem)).to(device)
        value = preset.removeprefix("threshold-")
        self.threshold = float(value) if value != preset else THRESHOLD
        if preset == "no-substitution":
            self.threshold = 1.0  # no score is above it

    def weight_file(self) -> Path:
        """The file of the preset's depth; all presets of one depth run on the same weights."""
        trained = self.preset if self.preset.startswith("blocks-") else "mini"
        return self.weights / f"{trained}.safetensors"

    def protect(self, images: Tensor, keys: Sequence[Key]) -> Tensor:
        """Protect ``images`` (B, 3, H, W), one key each; FaceNotFound where one shows no face."""
        out = images.clone()
        # One at a time: what a picture becomes must not depend on its neighbours, to the last bit.
        for index, (image, key) in enumerate(zip(images.cpu(), keys, strict=True)):
            face = find_faces(image)[0]
            window = around(face.box, *image.shape[1:])
            drawn = self.rofi.encrypt(
                window.cut(image)[None].to(self.device),
                vectors([key]).to(self.device),
                eye_centres(face, window)[None].to(self.device),
                self.threshold,
                refine=self.preset != "no-da-former",
            )
            out[index] = seal(image, window.paste(image, drawn[0].cpu()), window, key, _NAME)
        return out

    @torch.no_grad()
    def restore(self, images: Tensor, keys: Sequence[Key]) -> Tensor:
        """Bring protected 8-bit pictures back; every wrong key gives the same virtual face."""
        out = images.clone()
        for index, (image, key) in enumerate(zip(images.cpu(), keys, strict=True)):
            opened = unseal(image, key, _NAME)
            pixels = image.permute(1, 2, 0).numpy()
            keyed = vectors([key, draws_for(pixels, None)])
            parts = (opened.window.cut(image), *keyed, opened.code, opened.picture)
            face = self.rofi.decrypt(*(part[None].to(self.device) for part in parts))
            out[index] = opened.window.paste(image, face[0].cpu())
        return out


def vectors(keys: Sequence[Key]) -> Tensor:
    """The private key k of each key: (B, 512), N(0, 1) (ROFI, 4.1)."""
    return torch.stack([torch.from_numpy(key.normal(KEY, "rofi key")) for key in keys])
