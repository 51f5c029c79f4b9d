"""Take in an official weight file that the user has: looked at, copied, recorded."""

from __future__ import annotations

import difflib
import shutil
import zipfile
from pathlib import Path

from medbench.atomic import replacing
from medbench.core import MedbenchError
from medbench.weights.checksums import sha256, verify
from medbench.weights.finding import weight_files
from medbench.weights.loading import is_safetensors, load_safetensors, load_torch
from medbench.weights.store import place_of, record, recorded
from medbench.weights.weight_file import WeightFile

#: How files begin that are no ONNX graph, such as the page that a server sends in place of a file.
_NO_ONNX = (b"<", b"{", b"PK", b"\x80", b"\x89")


def add(name: str, file: Path, replace: bool = False, origin: str = "given by the user") -> Path:
    """Copy an official weight file into the user's store, and trust it from now on.

    Args:
        name: as listed.
        file: what the authors published.
        replace: forget the file that was brought before.
        origin: the address it came from.

    Returns:
        Where it lies now.

    Raises:
        MedbenchError: no such name or file, or the file is not what is expected under that name.
    """
    item = official_item(name)
    if not file.is_file():
        raise MedbenchError(f"{file}: no such file; give the path of {item.file}")
    if item.sha256:
        verify(file, item.sha256, f"it is not the authors' {item.file}; get that one from them")
    known = "" if replace else recorded(name)
    if known:
        verify(file, known, f"another file was given as {name!r} before; to take this one in its place: "
               f"medbench weights add --replace {name} {file}")  # fmt: skip
    check_format(item, file)
    place = place_of(item)
    if not (place.is_file() and place.samefile(file)):
        with replacing(place) as draft:
            shutil.copyfile(file, draft)
    record(name, sha256(place), origin)
    return place


def official_item(name: str) -> WeightFile:
    """The official file of that name.

    Raises:
        MedbenchError: there is none; near names are listed.
    """
    known = weight_files()
    item = known.get(name)
    if item is None:
        near = difflib.get_close_matches(name, known, n=3)
        hint = f"did you mean {', '.join(near)}?" if near else "see medbench weights list"
        raise MedbenchError(f"no weight file is called {name!r}; {hint}")
    if not item.official:
        raise MedbenchError(f"{name!r} comes with the {item.source}: there is nothing to fetch or to add")
    return item


def check_format(item: WeightFile, file: Path) -> None:
    """See that a file can be read as what it should be; nothing in it is run.

    Raises:
        MedbenchError: it cannot.
    """
    if item.format == "torch" and not is_safetensors(file):
        load_torch(file)
    elif item.format in ("torch", "safetensors"):
        # Some networks are published in both formats: DINOv2 by its repository and by transformers.
        load_safetensors(file)
    elif item.format == "zip" and not zipfile.is_zipfile(file):
        raise MedbenchError(f"{file} is no zip archive; get {item.file} again")
    elif item.format == "onnx":
        with file.open("rb") as opened:
            start = opened.read(2)
        if not start or start.startswith(_NO_ONNX):
            raise MedbenchError(f"{file} is no ONNX file; get {item.file} again")
