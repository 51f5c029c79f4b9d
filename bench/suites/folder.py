"""Any folder of photographs as a suite, with or without labels.csv."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from medbench.core import MedbenchError, Sample
from medbench.images import SUFFIXES, BrokenImage, read_photograph
from medbench.suites.folder_labels import LABELS, TRUTH, read_labels
from medbench.suites.suite import Suite, SuiteCard

if TYPE_CHECKING:
    import pandas as pd

ALL = "all"


@dataclass(frozen=True)
class Photo:
    """A file of the suite: its path, its place in the folder, its truth; ``trouble`` if it cannot be used."""

    path: Path
    place: str
    truth: Mapping[str, Any] = field(default_factory=dict)
    trouble: tuple[str, str] | None = None


class FolderSuite(Suite):
    """Photographs by split.

    Ids are hashes of place and content: they name nobody, and cannot be guessed without the picture.
    """

    def __init__(self, card: SuiteCard, photos: Mapping[str, Sequence[Photo]]) -> None:
        """Take the photographs of each split; nothing is read yet."""
        self.card = card
        self.default_split = "val" if "val" in photos else next(iter(photos))
        self.photos = photos
        self._known: dict[str, dict[str, Photo]] = {}

    @classmethod
    def open(cls, root: Path) -> FolderSuite:
        """Take every photograph under ``root``; labels.csv there says what is known of them.

        Raises:
            MedbenchError: no folder, no photograph in it, or a labels.csv that cannot be used.

        """
        if not root.is_dir():
            raise MedbenchError(
                f"{root}: no such folder, and no suite of that name; see medbench list suites"
            )
        labels = read_labels(root / LABELS) if (root / LABELS).is_file() else None
        photos = by_split(root, labels)
        if not any(photos.values()):
            raise MedbenchError(f"{root}: holds no photographs ({', '.join(sorted(SUFFIXES))})")
        columns = {} if labels is None else {name: TRUTH[name] for name in labels if name in TRUTH}
        suite = cls(_card("folder", columns, list(photos)), photos)
        prints = hashlib.sha256("".join(suite.fingerprint(split) for split in photos).encode())
        # A name from the content: the folder's own may tell who is in it.
        suite.card = _card(f"folder-{prints.hexdigest()[:8]}", columns, list(photos))
        return suite

    def index(self, split: str) -> pd.DataFrame:
        """One row per photograph: ``id`` and what is known of it."""
        import pandas as pd

        rows = [{"id": sample_id, **photo.truth} for sample_id, photo in self._of(split).items()]
        return pd.DataFrame(rows)

    def read(self, split: str, sample_id: str) -> Sample:
        """Read one photograph; see :mod:`medbench.images` for the rules."""
        photo = self._of(split)[sample_id]
        if photo.trouble:
            raise BrokenImage(photo.path, *photo.trouble)
        return Sample(sample_id, read_photograph(photo.path), photo.truth)

    def file_of(self, split: str, sample_id: str) -> Path:
        """Where a sample lies on this machine: for messages to the user alone, never for a result."""
        return self._of(split)[sample_id].path

    def fingerprint(self, split: str) -> str:
        """sha256 over ids (which cover the content) and labels."""
        found = hashlib.sha256()
        for sample_id, photo in self._of(split).items():
            found.update(f"{sample_id}\0{sorted(photo.truth.items())}\0".encode())
        return found.hexdigest()

    def _of(self, split: str) -> dict[str, Photo]:
        if split not in self._known:
            self._known[split] = {_id(photo): photo for photo in self.photos[split]}
        return self._known[split]


def _id(photo: Photo) -> str:
    found = hashlib.sha256(photo.place.encode() + b"\0")
    try:
        with photo.path.open("rb") as file:
            found.update(hashlib.file_digest(file, "sha256").digest())
    except OSError:
        found.update(b"unreadable")
    return found.hexdigest()[:16]


def photographs(root: Path) -> list[Path]:
    """Files (and folders) under ``root`` called like a picture, sorted; hidden ones are left out."""
    found = [path for path in root.rglob("*") if path.suffix.lower() in SUFFIXES]
    shown = [path for path in found if not any(part.startswith(".") for part in path.relative_to(root).parts)]
    return sorted(shown, key=lambda path: path.relative_to(root).as_posix())


def by_split(
    root: Path,
    labels: pd.DataFrame | None,
    split_of: Callable[[str], str] = lambda place: ALL,
    truth_of: Callable[[str], dict[str, Any]] = lambda place: {},
) -> dict[str, list[Photo]]:
    """Sort the photographs of a folder into splits.

    ``split_of`` and ``truth_of`` tell what the place in the folder says; labels.csv adds to it.
    A file that one of the two lacks is kept with its ``trouble``, to be quarantined.
    """
    on_disk = {path.relative_to(root).as_posix(): path for path in photographs(root)}
    places = sorted(set(on_disk) | (set(labels.index) if labels is not None else set()))
    rows = {} if labels is None else dict(zip(labels.index, labels.to_dict("records"), strict=True))
    photos: dict[str, list[Photo]] = {}
    for place in places:
        known: dict[str, Any] = {str(name): value for name, value in rows.get(place, {}).items()}
        split = known.pop("split", None) or (
            ALL if labels is not None and "split" in labels else split_of(place)
        )
        trouble = None
        if labels is not None and place not in rows:
            trouble = ("not in labels.csv", "add a line for it, or move it away")
            known = {str(c): place if c == "subject" else None for c in labels if c != "split"}
        path = on_disk.get(place, root / place)
        photos.setdefault(split, []).append(Photo(path, place, {**truth_of(place), **known}, trouble))
    return dict(sorted(photos.items()))


def _card(name: str, columns: Mapping[str, str], splits: Sequence[str]) -> SuiteCard:
    return SuiteCard(
        name=name,
        entry="medbench.suites.folder:FolderSuite",
        title="A folder of photographs",
        version="1",
        summary="Photographs given by the user; known of them is what labels.csv says.",
        licence="the user's",
        origin="a folder on the user's machine",
        how_to_obtain="medbench run --suite FOLDER",
        columns=dict(columns),
        splits={split: "as labels.csv says" if split != ALL else "every photograph" for split in splits},
    )
