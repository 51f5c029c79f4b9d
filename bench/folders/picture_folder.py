"""From a folder of pictures to another one: each read safely, treated, written; none lost in silence."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from medbench.atomic import replacing
from medbench.core import MedbenchError, Sample
from medbench.images import SUFFIXES, BrokenImage, read_photograph
from medbench.quarantine import Quarantined, write_quarantine
from medbench.stages.groups import Group, groups
from medbench.suites.folder import photographs

if TYPE_CHECKING:
    import numpy as np

    from medbench.progress import Progress
    from medbench.stages.protect import Treated

Form = Literal["png", "jpeg"]
_ENDING = {"png": ".png", "jpeg": ".jpg"}


@dataclass
class Handled:
    """Pictures written, and those set aside with the reason; quarantine.csv in the folder lists them."""

    written: list[Path] = field(default_factory=list)
    refused: list[Quarantined] = field(default_factory=list)


def plan(source: Path, target: Path, form: Form, overwrite: bool) -> dict[Path, Path]:
    """Where each picture under ``source`` goes: the same place under ``target``, another ending.

    Raises:
        MedbenchError: no folder or no picture, two pictures for one place, one folder within the
            other, or pictures that would be written over.

    """
    if not source.is_dir():
        raise MedbenchError(f"{source}: no such folder; give a folder of pictures")
    inner, outer = source.resolve(), target.resolve()
    if inner.is_relative_to(outer) or outer.is_relative_to(inner):
        raise MedbenchError(f"{source} and {target} lie in one another; give --out a folder of its own")
    files = photographs(source)
    if not files:
        raise MedbenchError(f"{source}: holds no pictures ({', '.join(sorted(SUFFIXES))})")
    places: dict[Path, Path] = {}
    for file in files:
        place = target / file.relative_to(source).with_suffix(_ENDING[form])
        if place in places:
            raise MedbenchError(f"{places[place]} and {file} would both become {place}; rename one")
        places[place] = file
    there = [place for place in places if place.exists()]
    if there and not overwrite:
        raise MedbenchError(
            f"{target} holds {len(there)} of these pictures already, {there[0].name} for one; "
            "give an empty folder, or --overwrite"
        )
    return {file: place for place, file in places.items()}


def treat_folder(
    places: Mapping[Path, Path],
    treat: Callable[[Group], Treated],
    target: Path,
    title: str,
    progress: Progress,
) -> Handled:
    """Read the pictures, treat those of one size together, write what is valid without any metadata."""
    done = Handled()
    by_name = {str(file): file for file in places}
    progress.phase(title, len(places))
    for group in groups(_read(by_name, done, progress)):
        treated = treat(group)
        for row, name in enumerate(group.ids):
            reason = treated.failures.get(row)
            if reason:
                done.refused.append(Quarantined(name, f"{name}: {reason}", reason.split(":")[0]))
            else:
                place = places[by_name[name]]
                _write(treated.images[row], place)
                done.written.append(place)
            progress.advance()
    write_quarantine(target / "quarantine.csv", done.refused)
    return done


def _read(files: Mapping[str, Path], done: Handled, progress: Progress) -> Iterator[Sample]:
    for name, file in files.items():
        try:
            picture = read_photograph(file)
        except BrokenImage as error:
            done.refused.append(Quarantined.from_error(name, error))
            progress.advance()
        else:
            yield Sample(name, picture, {})


def _write(picture: np.ndarray, place: Path) -> None:
    from PIL import Image

    lossy = place.suffix == _ENDING["jpeg"]
    with replacing(place) as draft:
        if lossy:
            Image.fromarray(picture).save(draft, format="JPEG", quality=95)
        else:
            Image.fromarray(picture).save(draft, format="PNG")
