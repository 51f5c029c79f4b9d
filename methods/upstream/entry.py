"""One face on its way through a repository: what goes in, what is drawn for it, what must come out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from medbench.core import FaceNotFound
from medbench.methods.face_region import find_face, find_faces
from medbench.methods.per_face import draws_for
from medbench.methods.upstream.exchange import UNCHANGED, fault_of, hardly_differ, read_result, write_picture

if TYPE_CHECKING:
    from medbench.keys import Key
    from medbench.methods.upstream.adapter import Adapter
    from medbench.methods.upstream.placement import Placement


@dataclass(frozen=True)
class Entry:
    """A face of the picture in ``row``, or the whole picture where ``placed`` is None."""

    row: int
    picture: np.ndarray
    placed: Placement | None
    drawn: dict[str, Any]

    def hand_out(self, inside: Path, outside: Path) -> dict[str, Any]:
        """Write what goes in; returns the wrapper's note of it."""
        write_picture(inside, self.placed.cut(self.picture) if self.placed else self.picture)
        return {"input": str(inside), "output": str(outside), **self.drawn}

    def take_back(self, outside: Path, may_be_same: bool) -> tuple[np.ndarray | None, str | None]:
        """Read the result, and say what is wrong with it."""
        result = read_result(outside)
        width, height = self.placed.result_size if self.placed else self.picture.shape[1::-1]
        fault = fault_of(result, (height, width, 3))
        if result is not None and not fault and not may_be_same and self._unchanged(result):
            fault = UNCHANGED
        return result, fault

    def paste(self, image: torch.Tensor, result: np.ndarray) -> torch.Tensor:
        """``image`` (3, H, W) with the result in it."""
        if self.placed:
            return self.placed.paste(image, result)
        return torch.from_numpy(result).permute(2, 0, 1).to(image).div(255)

    def _unchanged(self, result: np.ndarray) -> bool:
        """Is it the same face? Told by the face box, as what lies around may well be kept."""
        given = self.placed.frame(self.picture) if self.placed else self.picture
        if self.placed:
            height, width = result.shape[:2]
            box = (width // 4, height // 4, width - width // 4, height - height // 4)
        else:
            box = _box(given)
        part = np.s_[box[1] : box[3], box[0] : box[2]]
        return hardly_differ(result[part], given[part])


def entries_of(adapter: Adapter, row: int, image: torch.Tensor, key: Key | None) -> list[Entry]:
    """Every face of a picture (3, H, W), or all of it; FaceNotFound where one is wanted and none found."""
    floats = image.detach().cpu().permute(1, 2, 0).numpy()
    picture = np.ascontiguousarray((floats * 255).round().clip(0, 255).astype(np.uint8))
    content = draws_for(floats, key)
    drawn = adapter.draw(key or content) | {
        "seed": int.from_bytes(content.bytes(4, "upstream seed"), "little")
    }
    if adapter.place is None:
        return [Entry(row, picture, None, drawn)]
    found = []
    for face in find_faces(image):
        placed = adapter.place(face, picture.shape[0], picture.shape[1])
        points = {"landmarks": placed.landmarks.tolist()} if adapter.landmarks else {}
        found.append(Entry(row, picture, placed, drawn | points))
    return found


def _box(picture: np.ndarray) -> tuple[int, int, int, int]:
    """The face box inside the picture; all of it where dlib finds no face."""
    height, width = picture.shape[:2]
    try:
        box = find_face(torch.from_numpy(picture).permute(2, 0, 1).float().div(255))
    except FaceNotFound:
        return 0, 0, width, height
    left, top = int(np.clip(box.left, 0, width - 2)), int(np.clip(box.top, 0, height - 2))
    right, bottom = int(np.clip(box.right, left + 1, width)), int(np.clip(box.bottom, top + 1, height))
    return left, top, right, bottom
