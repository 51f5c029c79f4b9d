"""ROFI behind medbench's interface."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from medbench.core import Unavailable
from medbench.keys import Key
from medbench.methods.carrier.seal import seal, unseal
from medbench.methods.eye_window import eye_centres
from medbench.methods.face_region import find_faces
from medbench.methods.face_window import around
from medbench.methods.method import Method, MethodCard
from medbench.methods.networks.placed_head import KEY
from medbench.methods.networks.style_file import WEIGHTS as PRIOR
from medbench.methods.per_face import draws_for
from medbench.methods.rofi.network import THRESHOLD, Rofi, depth_of

if TYPE_CHECKING:
    from medbench.core import Batch

FOLDER = Path(__file__).parent
_NAME = "rofi"


class RofiMethod(Method):
    """Signs stay where the detector sees them, the rest becomes the face of the key."""

    card = MethodCard.read(FOLDER / "card.yaml")
    weights = FOLDER / "weights"

    def load(self, device: str = "cpu", preset: str | None = None) -> None:
        """Read the weights of ``preset``; thresholds and leaving parts out need no weights of their own."""
        preset = self.card.preset(preset)
        trained = preset if preset.startswith("blocks-") else "mini"
        self.file = self.weights / f"{trained}.safetensors"
        if not self.file.is_file():
            raise Unavailable(
                f"{self.file} is missing: `medbench train --method rofi --suite mema-mini --preset {trained} "
                f"--out runs/rofi` writes it into runs/rofi; copy it there"
            )
        self.device, self.preset = device, preset
        self.rofi = Rofi.from_file(self.file, depth_of(trained)).to(device)
        value = preset.removeprefix("threshold-")
        self.threshold = float(value) if value != preset else THRESHOLD
        if preset == "no-substitution":
            self.threshold = 1.0  # no score is above it

    def fingerprint(self) -> str:
        """sha256 of both weight files and the preset."""
        digest = hashlib.sha256(self.preset.encode())
        for file in (self.file, PRIOR):
            digest.update(file.read_bytes())
        return digest.hexdigest()

    @torch.no_grad()
    def anonymize(self, batch: Batch, keys: Sequence[Key] | None = None) -> Tensor:
        """Protect ``batch.images`` (B, 3, H, W), one key each; FaceNotFound where one shows no face."""
        if keys is None:
            raise ValueError("rofi is keyed: give one Key per picture")
        out = batch.images.clone()
        # One at a time: what a picture becomes must not depend on its neighbours, to the last bit.
        for index, (image, key) in enumerate(zip(batch.images.cpu(), keys, strict=True)):
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
