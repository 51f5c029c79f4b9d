"""The gallery that k-same and the anchors draw from: aligned faces of mema-mini's train split."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import cv2
import numpy as np

from medbench.core import Unavailable
from medbench.methods.classical.alignment import SIDE
from medbench.methods.face_mask import face_mask

PATH = Path(__file__).parent / "weights" / "gallery.safetensors"
_DESCRIPTOR_SIDE = 32


@dataclass(frozen=True)
class Gallery:
    """Faces of ``len(ids)`` people, one picture each.

    ``faces`` float32 (N, 128, 128, 3) in [0, 1]; ``template`` (68, 2) their common landmarks;
    ``openings`` (N,) the lid opening of each (see :func:`lid_opening`); ``ids`` the samples;
    ``digest`` the sha256 of the file.
    """

    faces: np.ndarray
    template: np.ndarray
    openings: np.ndarray
    ids: tuple[str, ...]
    digest: str

    def describe(self, face: np.ndarray) -> np.ndarray:
        """Return what faces (SIDE, SIDE, 3) are compared by: grey, small, without mean and contrast."""
        small = cv2.resize(face.mean(axis=2), (_DESCRIPTOR_SIDE,) * 2, interpolation=cv2.INTER_AREA)
        inside = small[self._inside]
        return (inside - inside.mean()) / max(float(inside.std()), 1e-6)

    @cached_property
    def descriptors(self) -> np.ndarray:
        """Descriptors of all faces (N, D)."""
        return np.stack([self.describe(face) for face in self.faces])

    @cached_property
    def _inside(self) -> np.ndarray:
        ratio = _DESCRIPTOR_SIDE / SIDE
        return face_mask((self.template + 0.5) * ratio - 0.5, _DESCRIPTOR_SIDE, _DESCRIPTOR_SIDE)

    def nearest(self, face: np.ndarray, among: np.ndarray) -> int:
        """Return which of the gallery's faces ``among`` (indices) looks most like ``face``."""
        apart = np.square(self.descriptors[among] - self.describe(face)).sum(axis=1)
        return int(among[int(apart.argmin())])


def lid_opening(landmarks: np.ndarray) -> float:
    """Return the mean height of both lid openings over the mean width of the eyes."""
    heights = [landmarks[low] - landmarks[high] for high, low in ((37, 41), (38, 40), (43, 47), (44, 46))]
    widths = [landmarks[39] - landmarks[36], landmarks[45] - landmarks[42]]
    return float(np.mean(np.linalg.norm(heights, axis=1)) / np.mean(np.linalg.norm(widths, axis=1)))


@cache
def shipped() -> Gallery:
    """Read the gallery of the repository, once per process."""
    return read(PATH)


def read(path: Path) -> Gallery:
    """Read a gallery file; Unavailable, with the command that builds it, where there is none."""
    from safetensors import safe_open

    if not path.is_file():
        raise Unavailable(f"{path} is missing: python -m medbench.methods.classical.build_gallery")
    with safe_open(path, framework="numpy") as file:
        packed, ends = file.get_tensor("jpeg"), file.get_tensor("ends")
        template, openings = file.get_tensor("template"), file.get_tensor("openings")
        ids = tuple(json.loads(file.metadata()["ids"]))
    pieces = np.split(packed, ends[:-1])
    faces = np.stack([_decoded(piece) for piece in pieces])
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return Gallery(faces.astype(np.float32) / 255, template, openings, ids, digest)


def _decoded(jpeg: np.ndarray) -> np.ndarray:
    picture = cv2.imdecode(jpeg, cv2.IMREAD_COLOR)
    assert picture is not None
    return picture[..., ::-1]


def write(path: Path, faces: np.ndarray, template: np.ndarray, openings: np.ndarray, ids: list[str]) -> None:
    """Write a gallery file: faces uint8 RGB (N, SIDE, SIDE, 3) as JPEG of quality 90."""
    from safetensors.numpy import save_file

    quality = [cv2.IMWRITE_JPEG_QUALITY, 90]
    pieces = [cv2.imencode(".jpg", face[..., ::-1], quality)[1].ravel() for face in faces]
    tensors = {
        "jpeg": np.concatenate(pieces),
        "ends": np.cumsum([len(piece) for piece in pieces]),
        "template": template.astype(np.float32),
        "openings": openings.astype(np.float32),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    save_file(tensors, path, metadata={"ids": json.dumps(ids)})
