"""Other people's faces that a repository needs: donors, or companions of a batch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch

from medbench.core import FaceNotFound, MedbenchError
from medbench.images import BrokenImage, read_photograph
from medbench.methods.face_region import find_faces
from medbench.methods.upstream.contents import pictures_in

if TYPE_CHECKING:
    from medbench.methods.face_region import Face
    from medbench.methods.upstream.adapter import Needed
    from medbench.methods.upstream.placement import Placement

Place = Callable[["Face", int, int], "Placement"]


def cast(need: Needed, folder: Path, place: Place) -> list[np.ndarray]:
    """Cut the largest face out of every picture of a folder, in the order of names, as ``place`` frames it.

    Raises:
        MedbenchError: fewer pictures than are needed show a face; those that do not are named.

    """
    found, without = [], []
    for file in pictures_in(folder):
        try:
            picture = read_photograph(file)
            found.append(largest(picture, place).cut(picture))
        except (BrokenImage, FaceNotFound):
            without.append(file.name)
    if len(found) < need.faces:
        names = f" (none in {', '.join(without[:5])})" if without else ""
        raise MedbenchError(
            f"{folder}: {need.faces} face pictures are needed as {need.name}, {len(found)} are there{names}; "
            "add pictures of other people's faces"
        )
    return found


def largest(picture: np.ndarray, place: Place) -> Placement:
    """Where the largest face of a picture, uint8 RGB, lies; FaceNotFound where there is none."""
    faces: Sequence[Face] = find_faces(torch.from_numpy(picture).permute(2, 0, 1).float().div(255))
    return place(faces[0], picture.shape[0], picture.shape[1])
