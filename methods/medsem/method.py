"""MedSem-DeID behind medbench's interface."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from medbench.core import Unavailable
from medbench.methods.carrier.seal import seal, unseal
from medbench.methods.eye_window import eye_centres
from medbench.methods.face_region import find_faces
from medbench.methods.face_window import around
from medbench.methods.medsem import password
from medbench.methods.medsem.network import WEIGHTS_NAME, MedSem
from medbench.methods.method import Method, MethodCard

if TYPE_CHECKING:
    from medbench.core import Batch
    from medbench.keys import Key

FOLDER = Path(__file__).parent


class MedSemDeID(Method):
    """Another face for the same eyes; the password brings the first one back from the 8-bit picture."""

    card = MethodCard.read(FOLDER / "card.yaml")
    weights = FOLDER / "weights" / WEIGHTS_NAME

    def load(self, device: str = "cpu", preset: str | None = None) -> None:
        """Read the weights of ``preset``; only ``mini`` has weights in the repository."""
        preset = preset or self.card.default_preset
        if preset != "mini":
            raise Unavailable(
                "the preset paper of ours has no weights: its networks are in "
                "medbench.methods.medsem.paper, for those who train on MeMa; run --preset mini"
            )
        if not self.weights.is_file():
            raise Unavailable(
                f"{WEIGHTS_NAME} is missing: medbench train --method ours --suite mema-mini --preset mini"
            )
        self.device = device
        self.network = MedSem.from_file(self.weights).to(device).eval()

    def fingerprint(self) -> str:
        """sha256 of the weight file."""
        return hashlib.sha256(self.weights.read_bytes()).hexdigest()

    @torch.no_grad()
    def anonymize(self, batch: Batch, keys: Sequence[Key] | None = None) -> Tensor:
        """Protect ``batch.images`` (B, 3, H, W); one key per picture."""
        if keys is None:
            raise ValueError("ours is keyed: give one Key per picture")
        images = batch.images
        if not len(images):
            return images.clone()
        found = [find_faces(image)[0] for image in images]
        windows = [around(face.box, *image.shape[1:]) for face, image in zip(found, images, strict=True)]
        eyes = torch.stack([eye_centres(face, window) for face, window in zip(found, windows, strict=True)])
        faces = torch.stack([w.cut(i) for w, i in zip(windows, images, strict=True)])
        faces = faces.to(self.device)
        person = self.network.unlike(faces, password.numbers(keys).to(self.device))
        drawn = self.network.encrypt(faces, self._passwords(keys), person, eyes.to(self.device))
        drawn = drawn.cpu().clamp(0, 1)
        shown = [w.paste(image.cpu(), face) for image, face, w in zip(images, drawn, windows, strict=True)]
        parts = zip(images, shown, windows, keys, strict=True)
        return torch.stack([seal(*part, password.CARRIER) for part in parts]).to(images)

    @torch.no_grad()
    def restore(self, images: Tensor, keys: Sequence[Key]) -> Tensor:
        """Bring protected 8-bit pictures back; a wrong key draws that key's virtual person."""
        if not len(images):
            return images.clone()
        opened = [unseal(image, key, password.CARRIER) for image, key in zip(images, keys, strict=True)]
        faces = torch.stack([w.cut(i) for (w, _, _), i in zip(opened, images, strict=True)])
        codes = torch.stack([code for _, code, _ in opened]).to(self.device)
        carried = torch.stack([picture for _, _, picture in opened]).to(self.device)
        person = password.numbers(keys).to(self.device) % self.network.people
        back = self.network.decrypt(faces.to(self.device), self._passwords(keys), person, codes, carried)
        parts = zip(opened, images, back.cpu().clamp(0, 1), strict=True)
        return torch.stack([w.paste(image, face) for (w, _, _), image, face in parts]).to(images)

    def _passwords(self, keys: Sequence[Key]) -> Tensor:
        return password.passwords(keys).to(self.device)
