"""What CIAGAN's generator should have drawn: the scene of a picture with a chosen person in it.

Only a renderer can give such pairs (the card says so). The person's face is bent so that jaw, nose
bridge and lips lie where the patient's do, and brought to the patient's skin colour.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from medbench.methods.ciagan.model import PEOPLE, SIGHT
from medbench.methods.face_drawing import outline_points
from medbench.methods.face_hole import SIDE, Hole, square
from medbench.methods.networks.face_frame import face_grid, on_face
from medbench.methods.training.data import TrainingImages
from medbench.methods.training.holes import Examples, Holes
from medbench.suites.mini.identity import identity
from medbench.suites.mini.render import render
from medbench.suites.mini.splits import SPLITS, scene_of


@dataclass(frozen=True)
class Asked:
    """Pictures with holes, whose ``truth`` shows the person asked for; one-hots (B, 32)."""

    holes: Holes
    person: Tensor


class Pairs:
    """Example ``i`` shows person ``i % 32`` of :func:`chosen`; drawn once into ``folder``."""

    def __init__(self, images: TrainingImages, rows: np.ndarray, folder: Path) -> None:
        self.examples = Examples(images, rows, SIGHT, folder)
        file = folder / f"persons-{len(self.examples)}.npy"
        if not file.is_file():
            drawn = [_person(self.examples, row, images) for row in range(len(self.examples))]
            np.save(file, np.stack(drawn))
        self._wanted = np.load(file)
        self.person = np.arange(len(self.examples)) % PEOPLE

    def __len__(self) -> int:
        return len(self.examples)

    def batch(self, which: np.ndarray, device: str) -> Asked:
        """The pairs numbered ``which``."""
        holes = self.examples.batch(which, device)
        wanted = torch.from_numpy(self._wanted[which]).to(device).float().div_(255)
        return Asked(
            replace(holes, truth=holes.filled(_tinted(wanted, holes))), self.one_hot(which).to(device)
        )

    def one_hot(self, which: np.ndarray) -> Tensor:
        """Who is asked for, (B, 32)."""
        return torch.eye(PEOPLE)[self.person[which]]


@cache
def chosen() -> tuple[int, ...]:
    """Subjects of the train split that can be asked for: each as unlike those before it as can be."""
    people = [identity(subject) for subject in range(SPLITS["train"].subjects)]
    shapes = np.array([[who.shape[key] for key in sorted(who.shape)] for who in people])
    shapes = (shapes - shapes.mean(0)) / shapes.std(0)
    taken = [0]
    nearest = np.full(len(people), np.inf)
    while len(taken) < PEOPLE:
        nearest = np.minimum(nearest, ((shapes - shapes[taken[-1]]) ** 2).sum(1))
        taken.append(int(nearest.argmax()))
    return tuple(taken)


def rows_of(images: TrainingImages, count: int) -> np.ndarray:
    """Rows of ``count`` pictures of other subjects than those to choose, spread evenly."""
    subject = images.codes("subject")
    others = np.flatnonzero(~np.isin(subject, chosen()) & (images.truth["disease"] == "Normal").to_numpy())
    return others[np.linspace(0, len(others) - 1, min(count, len(others))).astype(int)]


def _tinted(wanted: Tensor, holes: Holes) -> Tensor:
    def colour(pictures: Tensor) -> Tensor:
        return (pictures * holes.hole).sum((2, 3)) / holes.hole.sum((2, 3)).clamp(min=1)

    gain = colour(holes.truth) / colour(wanted).clamp(min=0.02)
    return (wanted * gain[:, :, None, None]).clamp(0, 1)


def _person(examples: Examples, row: int, images: TrainingImages) -> np.ndarray:
    """The person of example ``row`` in its scene, bent to its landmarks: uint8 (3, 128, 128)."""
    scene = scene_of(images.truth["id"].iloc[examples.rows[row]])[1]
    drawn = render(identity(chosen()[row % PEOPLE]), scene)
    hole = Hole(square(drawn.landmarks), np.zeros((1, 1), bool))
    theirs = outline_points(hole.points(drawn.landmarks))
    grid = torch.from_numpy(face_grid(outline_points(examples.landmarks[row]), theirs))[None]
    face = hole.cut(torch.from_numpy(drawn.image).permute(2, 0, 1).float() / 255)
    return (on_face(face[None], grid, SIDE)[0] * 255).round().to(torch.uint8).numpy()
