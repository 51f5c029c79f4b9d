"""Pictures for graders: behind their codes, as PNG without metadata."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from medbench.atomic import replacing
from medbench.core import MedbenchError
from medbench.images import read_photograph
from medbench.ratings.design import Coded
from medbench.ratings.study import ORIGINAL, PICTURES
from medbench.suites.folder import photographs

if TYPE_CHECKING:
    from medbench.progress import Progress


def pictures_of(original: Path, protected: Mapping[str, Path]) -> dict[str, dict[str, Path]]:
    """Image -> arm -> file; an image is its place under its folder, without the ending.

    Raises:
        MedbenchError: a folder lacks a picture that the originals have, or is empty.

    """
    by_arm = {arm: _places(folder) for arm, folder in {ORIGINAL: original, **protected}.items()}
    images = by_arm[ORIGINAL]
    for arm, folder in protected.items():
        lacking = sorted(set(images) - set(by_arm[arm]))
        if lacking:
            raise MedbenchError(
                f"{folder}: lacks {len(lacking)} of {len(images)} pictures, {lacking[0]} for one; "
                "protect the folder whole, or take these originals out"
            )
    return {image: {arm: places[image] for arm, places in by_arm.items()} for image in images}


def write_pictures(
    folder: Path, key: Sequence[Coded], files: Mapping[str, Mapping[str, Path]], progress: Progress
) -> None:
    """Write ``pictures/<code>.png`` for every code, in the codes' order: file times must tell nothing."""
    from PIL import Image

    progress.phase("pictures", len(key))
    for one in sorted(key, key=lambda one: one.code):
        with replacing(folder / PICTURES / f"{one.code}.png") as draft:
            Image.fromarray(read_photograph(files[one.image][one.arm])).save(draft, format="PNG")
        progress.advance()


def _places(folder: Path) -> dict[str, Path]:
    if not folder.is_dir():
        raise MedbenchError(f"{folder}: no such folder; give a folder of pictures")
    found: dict[str, Path] = {}
    for file in photographs(folder):
        image = file.relative_to(folder).with_suffix("").as_posix()
        if image in found:
            raise MedbenchError(f"{found[image]} and {file} are one image by their name; rename one")
        found[image] = file
    if not found:
        raise MedbenchError(f"{folder}: holds no pictures")
    return found
