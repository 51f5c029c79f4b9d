"""Weight files: where each comes from, its sha256, licence and citation; found, verified, loaded safely.

Files that come with a package are listed here with their sha256. Files of this repository are
found by folder: every ``*.safetensors`` in a ``weights`` folder of medbench.methods and
medbench.metrics, whose header says how it was made.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from medbench.core import MedbenchError, Unavailable

if TYPE_CHECKING:
    from torch import Tensor

#: Installs the face tools; ``--no-deps`` because facenet-pytorch pins packages that it does not need.
FACES_REMEDY = "pip install --no-deps dlib-bin face-recognition-models facenet-pytorch==2.5.3"
_ROOMS = ("medbench.methods", "medbench.metrics")
_LONGEST_HEADER = 100_000_000


@dataclass(frozen=True)
class WeightFile:
    """One file of weights.

    ``source`` is ``package <name>`` or ``repository``; ``file`` the path inside that package.
    ``sha256`` is '' for a file of the repository: whoever trains it anew gets another one.
    """

    name: str
    source: str
    file: str
    sha256: str
    licence: str
    citation: str


_DLIB = "King, Dlib-ml: A Machine Learning Toolkit, JMLR 2009"
_MTCNN = (
    "Zhang et al., Joint Face Detection and Alignment using MTCNN, 2016; github.com/timesler/facenet-pytorch"
)
_MODELS, _FACENET = "package face_recognition_models", "package facenet_pytorch"
_IBUG = "iBUG 300-W annotations exclude commercial use"
_CC0 = "CC0 (as dlib-models has it)"
_OPEN = "not stated for the file (the package says MIT)"

_PACKAGED = (
    WeightFile("dlib_landmarks_68", _MODELS, "models/shape_predictor_68_face_landmarks.dat",
               "fbdc2cb80eb9aa7a758672cbfdda32ba6300efe9b6e6c7a299ff7e736b11b92f", _IBUG, _DLIB),
    WeightFile("dlib_descriptor", _MODELS, "models/dlib_face_recognition_resnet_model_v1.dat",
               "55533b28a95800a551ba546ba62fe69625c7e95a7061c338adffead08719da30", _CC0, _DLIB),
    WeightFile("mtcnn_pnet", _FACENET, "data/pnet.pt",
               "a2a71925e0b9996a42f63e47efc1ca19043e69558b5c523b978d611dfae49c8f", _OPEN, _MTCNN),
    WeightFile("mtcnn_rnet", _FACENET, "data/rnet.pt",
               "bbb937de72efc9ef83b186c49f5f558467a1d7e3453a8ece0d71a886633f6a86", _OPEN, _MTCNN),
    WeightFile("mtcnn_onet", _FACENET, "data/onet.pt",
               "165bfbe42940416ccfb977545cf0e976d5bf321f67083ae2aaaa5c764280118d", _OPEN, _MTCNN),
)  # fmt: skip


def weight_files() -> dict[str, WeightFile]:
    """Every known file by name, packaged ones first; nothing is imported and no package need be there."""
    found = {item.name: item for item in _PACKAGED}
    for room in _ROOMS:
        folder = _folder(room)
        for path in sorted(folder.rglob("weights/*.safetensors")) if folder else ():
            notes = header(path)
            name = path.stem if room == "medbench.metrics" else f"{path.parent.parent.name}_{path.stem}"
            found[name] = WeightFile(
                name,
                "repository",
                f"{room}/{path.relative_to(folder).as_posix()}" if folder else "",
                "",
                notes.get("licence", "Apache-2.0"),
                notes.get("citation", "medbench"),
            )
    return found


def find(name: str, remedy: str = "") -> Path:
    """Return the path of a weight file.

    Args:
        name: as listed by :func:`weight_files`.
        remedy: what to run where a file of the repository is missing.

    Raises:
        Unavailable: the file or its package is missing; the message ends with the line that gets it.
    """
    item = weight_files().get(name)
    if item is None:
        raise Unavailable(f"the weights {name!r} are missing: {remedy or 'see medbench list weights'}")
    room, _, inner = item.file.partition("/") if item.source == "repository" else ("", "", item.file)
    folder = _folder(room or item.source.removeprefix("package "))
    if folder is None or not (folder / inner).is_file():
        raise Unavailable(
            f"the weights {name!r} come with the {item.source}, which is not installed: {FACES_REMEDY}"
        )
    return folder / inner


def find_verified(name: str) -> Path:
    """Return the path of a packaged file whose content is the listed one; raises as find and verify do."""
    path = find(name)
    verify(path, weight_files()[name].sha256)
    return path


def sha256(path: Path) -> str:
    """Return the sha256 of a file; read once per process while its size and time stay."""
    state = path.stat()
    return _sha256(path, state.st_size, state.st_mtime_ns)


def verify(path: Path, expected: str) -> None:
    """Compare a file with the sha256 that is expected.

    Raises:
        MedbenchError: the file is another one.
    """
    if (found := sha256(path)) != expected:
        raise MedbenchError(
            f"{path} is not the expected file (sha256 {found[:16]}…, not {expected[:16]}…); "
            "delete it and install or fetch it again"
        )


def header(path: Path) -> dict[str, str]:
    """Return the notes in the header of a safetensors file; {} where there are none."""
    with path.open("rb") as file:
        length = min(int.from_bytes(file.read(8), "little"), _LONGEST_HEADER)
        try:
            notes: dict[str, str] = json.loads(file.read(length)).get("__metadata__", {})
        except ValueError:
            raise MedbenchError(
                f"{path} is no safetensors file; delete it and fetch or train it again"
            ) from None
    return notes


def load_safetensors(path: Path) -> dict[str, Tensor]:
    """Load tensors of a safetensors file, halves as float32.

    Raises:
        MedbenchError: the file is damaged.
    """
    import torch
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    try:
        tensors = load_file(path)
    except (SafetensorError, OSError) as error:
        raise MedbenchError(
            f"{path} cannot be read ({error}); delete it and fetch or train it again"
        ) from None
    return {name: t.float() if t.dtype == torch.float16 else t for name, t in tensors.items()}


def _folder(package: str) -> Path | None:
    # find_spec alone: importing face_recognition_models fails where setuptools has no pkg_resources.
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(next(iter(spec.submodule_search_locations)))


@cache
def _sha256(path: Path, size: int, time: int) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
