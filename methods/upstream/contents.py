"""What files hold: hashes of a file, of a folder, of a repository's source."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from medbench.methods.upstream.registration import WeightsFile

#: Beside weights that were drawn at random: {file name: sha256}.
RANDOM_NOTE = "random-weights.json"
_PICTURES = (".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff", ".webp")


def weights_file(path: Path) -> WeightsFile:
    """Hash a file, or a folder with its names."""
    path = path.expanduser().resolve()
    files = sorted(part for part in path.rglob("*") if part.is_file()) if path.is_dir() else [path]
    size = sum(part.stat().st_size for part in files)
    if path.is_file():
        return WeightsFile(path=path, sha256=_sha256(path), size=size)
    return WeightsFile(path=path, sha256=_of_all(path, files), size=size)


def source_hash(repo: Path) -> str:
    """sha256 over the Python files of a repository, in the order of their names."""
    return _of_all(repo, sorted(repo.rglob("*.py")))


def drawn_at_random(file: WeightsFile) -> bool:
    """Say whether a note beside the file, or the folder, tells that weights in it were drawn, not trained."""
    try:
        known = set(json.loads((file.path.parent / RANDOM_NOTE).read_text(encoding="utf-8")).values())
    except (OSError, ValueError):
        return False
    inside = (part for part in file.path.rglob("*") if part.is_file())
    return file.sha256 in known or any(_sha256(part) in known for part in inside)


def note_random(folder: Path) -> None:
    """Write that note for all files of ``folder``."""
    files = [part for part in sorted(folder.rglob("*")) if part.is_file()]
    known = {part.relative_to(folder).as_posix(): _sha256(part) for part in files if part.name != RANDOM_NOTE}
    (folder / RANDOM_NOTE).write_text(json.dumps(known, indent=1) + "\n", encoding="utf-8")


def pictures_in(folder: Path) -> list[Path]:
    """Picture files of a folder, sorted by name."""
    return sorted(file for file in folder.iterdir() if file.suffix.lower() in _PICTURES)


def _of_all(root: Path, files: list[Path]) -> str:
    found = hashlib.sha256()
    for part in files:
        found.update(part.relative_to(root).as_posix().encode() + b"\0" + bytes.fromhex(_sha256(part)))
    return found.hexdigest()


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
