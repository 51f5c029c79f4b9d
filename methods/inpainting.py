"""Methods that cut faces out and draw others in: what DeepPrivacy, DeepPrivacy2 and CIAGAN share."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from medbench.keys import Key
from medbench.methods.face_hole import SIDE, Hole
from medbench.methods.face_region import Face, find_faces
from medbench.methods.method import MethodCard
from medbench.methods.networks.face_frame import face_grid
from medbench.methods.networks.frozen import read_weights
from medbench.methods.per_face import draws_for
from medbench.methods.trained_per_face import TrainedPerFace

if TYPE_CHECKING:
    from medbench.core import Batch
    from medbench.methods.networks.inpainting import Inpainter


@dataclass(frozen=True)
class Sight:
    """What a generator is shown of a face.

    Attributes:
        hole: Landmarks (68, 2) of a picture -> what is cut out.
        points: Landmarks -> those that tie pixels to places on the average face, (n, 2).
        guide: Landmarks in the square's coordinates, and a side -> maps (g, side, side).
    """

    hole: Callable[[np.ndarray], Hole]
    points: Callable[[np.ndarray], np.ndarray]
    guide: Callable[[np.ndarray, int], np.ndarray]


class InpaintingMethod(TrainedPerFace):
    """Cut every face out, then draw another one into each hole; only the landmarks were seen of it.

    Subclasses name the folder of their card and weights, say what the generator is shown (``sight``),
    build it, and draw its code.
    """

    sight: Sight

    def __init_subclass__(cls, folder: Path) -> None:
        """Read the card, and find the weights, in the subclass' folder."""
        super().__init_subclass__()
        cls.card = MethodCard.read(folder / "card.yaml")
        cls.weights = folder / "weights" / "mini.safetensors"

    def load(self, device: str = "cpu", preset: str | None = None) -> None:
        """Read the generator; it runs on ``device``."""
        super().load(device, preset)
        self.network = read_weights(self.new_network(), self.weights, self.card.name).to(device)

    @staticmethod
    @abstractmethod
    def new_network() -> Inpainter:
        """The generator without its weights."""

    @abstractmethod
    def code(self, key: Key | None, draws: Key) -> Tensor:
        """The code (1, n) of one face: from the user's key, or from draws of its own."""

    @torch.no_grad()
    def anonymize(self, batch: Batch, keys: Sequence[Key] | None = None) -> Tensor:
        """Draw another face over each that is found; FaceNotFound where a picture shows none."""
        treated = batch.images.clone()
        for index, image in enumerate(batch.images):
            key = keys[index] if keys is not None else None
            treated[index] = self.redrawn(image.detach().cpu(), find_faces(image), key)
        return treated

    @torch.no_grad()
    def redrawn(self, picture: Tensor, faces: Sequence[Face], key: Key | None = None) -> Tensor:
        """``picture`` (3, H, W) with other faces in the places of ``faces``.

        The result depends on the landmarks and on the picture without its faces, on nothing else.
        """
        holes = [self.sight.hole(face.landmarks) for face in faces]
        for hole in holes:
            picture = hole.emptied(picture)
        draws = draws_for(picture.permute(1, 2, 0).numpy(), key)
        for number, (hole, face) in enumerate(zip(holes, faces, strict=True)):
            code = self.code(key, Key.from_names("face", draws.bytes(32, "faces").hex(), number))
            picture = self._filled(picture, hole, face, code)
        return picture

    def _filled(self, picture: Tensor, hole: Hole, face: Face, code: Tensor) -> Tensor:
        context, guide, grid = shown(self.sight, picture, hole, face.landmarks, self.network.frame)
        seen = (t[None].to(self.device) for t in (context, guide, grid))
        drawn = self.network(*seen, code.to(self.device))
        return hole.fill(picture, drawn[0].cpu().clamp(0, 1))


def shown(
    sight: Sight, picture: Tensor, hole: Hole, landmarks: np.ndarray, frame: Tensor
) -> tuple[Tensor, Tensor, Tensor]:
    """Context (4, 128, 128), guide (g, 128, 128) and grid (2, 32, 32) of one face."""
    placed = hole.points(landmarks)
    grid = face_grid(sight.points(placed), frame.cpu().numpy())
    guide = sight.guide(placed, SIDE)
    # Copies, aligned as torch wants them: matrix products may differ in the last bit otherwise.
    return hole.context(picture), torch.tensor(guide), torch.tensor(grid)
