"""Pictures with holes: what an inpainting generator learns from, cut once and kept."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from medbench.core import FaceNotFound
from medbench.methods.face_hole import SIDE
from medbench.methods.face_region import find_faces
from medbench.methods.inpainting import Sight, shown
from medbench.methods.training.data import TrainingImages


@dataclass(frozen=True)
class Holes:
    """A batch: what the generator sees, and the pictures that were there; all (B, ...), 128 px."""

    context: Tensor
    guide: Tensor
    grid: Tensor
    truth: Tensor

    @property
    def hole(self) -> Tensor:
        """(B, 1, 128, 128), 1 where the face was cut out."""
        return self.context[:, 3:]

    def filled(self, drawn: Tensor) -> Tensor:
        """The drawing in the hole, what was around it outside."""
        return torch.lerp(self.truth, drawn, self.hole)


class Examples:
    """Pictures of a split with a face that dlib finds, cut as a method cuts them.

    Attributes:
        rows: Their rows in ``images``.
        landmarks: In the square's coordinates, (N, 68, 2).
        frame: The average of the points that tie pixels to places, (n, 2).
    """

    def __init__(self, images: TrainingImages, rows: np.ndarray, sight: Sight, folder: Path) -> None:
        """Find the faces and cut them, or read what an earlier call has left in ``folder``."""
        self.sight = sight
        file = folder / f"examples-{len(rows)}.npz"
        if not file.is_file():
            _cut(images, rows, sight, file)
        with np.load(file) as held:
            self.rows, self.landmarks, self.frame = held["rows"], held["landmarks"], held["frame"]
            self._truth, self._context = held["truth"], held["context"]
            self._holes, self._grids = held["holes"], held["grids"]

    def __len__(self) -> int:
        return len(self.rows)

    def batch(self, which: np.ndarray, device: str) -> Holes:
        """The examples numbered ``which``."""

        def picture(pixels: np.ndarray) -> Tensor:
            return torch.from_numpy(pixels[which]).to(device).float().div_(255)

        guides = np.stack([self.sight.guide(self.landmarks[one], SIDE) for one in which])
        return Holes(
            torch.cat([picture(self._context), picture(self._holes)], dim=1),
            torch.from_numpy(guides).to(device),
            torch.from_numpy(self._grids[which]).to(device),
            picture(self._truth),
        )


def _cut(images: TrainingImages, rows: np.ndarray, sight: Sight, file: Path) -> None:
    kept, faces = [], []
    for row in rows:
        try:
            faces.append(find_faces(images.tensor(np.array([row]))[0])[0].landmarks)
        except FaceNotFound:
            continue
        kept.append(row)
    placed = np.stack([sight.hole(face).points(face) for face in faces])
    frame = np.stack([sight.points(face) for face in placed]).mean(0)
    arrays: dict[str, list[np.ndarray]] = {"truth": [], "context": [], "holes": [], "grids": []}
    for row, face in zip(kept, faces, strict=True):
        picture, hole = images.tensor(np.array([row]))[0], sight.hole(face)
        context, _, grid = shown(sight, hole.emptied(picture), hole, face, torch.from_numpy(frame))
        arrays["truth"].append(_eight_bit(hole.cut(picture)))
        arrays["context"].append(_eight_bit(context[:3]))
        arrays["holes"].append(_eight_bit(context[3:]))
        arrays["grids"].append(grid.numpy())
    file.parent.mkdir(parents=True, exist_ok=True)
    stacked: dict[str, Any] = {name: np.stack(parts) for name, parts in arrays.items()}
    draft = file.with_suffix(".part.npz")
    np.savez(draft, rows=np.array(kept), landmarks=placed, frame=frame, **stacked)
    draft.replace(file)


def _eight_bit(picture: Tensor) -> np.ndarray:
    return (picture * 255).round().to(torch.uint8).numpy()
