"""Whose each picture is: from labels.csv of the originals, as pseudonyms."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from medbench.core import MedbenchError
from medbench.suites.folder_labels import LABELS, read_labels


def subjects_of(folder: Path, images: Iterable[str]) -> dict[str, str]:
    """Image -> subject; without labels.csv, or without its column, every image is a subject.

    Raises:
        MedbenchError: labels.csv knows subjects, but not of every image.

    """
    names = list(images)
    file = folder / LABELS
    labels = read_labels(file) if file.is_file() else None
    if labels is None or "subject" not in labels:
        return {image: f"image{number:04d}" for number, image in enumerate(sorted(names))}
    known = {
        Path(str(place)).with_suffix("").as_posix(): str(who) for place, who in labels["subject"].items()
    }
    lacking = [image for image in names if image not in known]
    if lacking:
        raise MedbenchError(f"{file}: has no line for {lacking[0]}; add one, or take the picture out")
    return {image: known[image] for image in names}
