"""Which weight files are known, and where they lie on this machine.

Files of this repository are found by folder: every ``*.safetensors`` in a ``weights`` folder of
medbench.methods and medbench.metrics, whose header says how it was made.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path

from medbench.core import MedbenchError, Unavailable
from medbench.weights.checksums import verify
from medbench.weights.loading import header
from medbench.weights.official import official_files
from medbench.weights.packaged import FACES_REMEDY, PACKAGED
from medbench.weights.store import place_of, recorded
from medbench.weights.weight_file import WeightFile

_ROOMS = ("medbench.methods", "medbench.metrics")


def weight_files() -> dict[str, WeightFile]:
    """Every known file by name, packaged ones first; nothing need be there."""
    found = {item.name: item for item in PACKAGED}
    for room in _ROOMS:
        folder = package_folder(room)
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
    return found | official_files()


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
    if item.official:
        if not (path := place_of(item)).is_file():
            raise Unavailable(f"the weights {name!r} are not here: {item.remedy()}")
        return path
    room, _, inner = item.file.partition("/") if item.source == "repository" else ("", "", item.file)
    folder = package_folder(room or item.source.removeprefix("package "))
    if folder is None or not (folder / inner).is_file():
        raise Unavailable(
            f"the weights {name!r} come with the {item.source}, which is not installed: {FACES_REMEDY}"
        )
    return folder / inner


def find_verified(name: str) -> Path:
    """Return the path of a packaged or official file whose content is the listed or recorded one.

    Raises:
        Unavailable: as :func:`find`.
        MedbenchError: the content is another; the message says what to do.
    """
    path = find(name)
    item = weight_files()[name]
    verify_item(item, path)
    return path


def verify_item(item: WeightFile, path: Path) -> None:
    """Compare a file with its listed sha256 and, an official one, with what was recorded of it.

    Raises:
        MedbenchError: it is another one, or it was put there without ``medbench weights add``.
    """
    if not item.official:
        verify(path, item.sha256)
        return
    again = f"get it again: {item.remedy()}; a new file of the authors needs: medbench weights add --replace"
    if item.sha256:
        verify(path, item.sha256, again)
    if not (lock := recorded(item.name)):
        raise MedbenchError(
            f"{path} is not in the lock file, so that nobody knows whether it changed; "
            f"give it by: medbench weights add {item.name} {path}"
        )
    verify(path, lock, again)


def package_folder(package: str) -> Path | None:
    """The folder of an installed package, which is not imported; None where there is none."""
    # Importing face_recognition_models fails where setuptools has no pkg_resources.
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(next(iter(spec.submodule_search_locations)))
