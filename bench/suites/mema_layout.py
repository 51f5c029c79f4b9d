"""MeMa's folder: <split>/<class>/<image>, with names as they are found in the wild."""

from __future__ import annotations

from typing import TYPE_CHECKING

from medbench.core import DISEASES, MedbenchError
from medbench.suites.folder import photographs

if TYPE_CHECKING:
    from pathlib import Path

SPLITS = {
    "train": ("train", "training"),
    "select": ("select", "selection", "hyper", "hyperparameter", "dev"),
    "val": ("val", "valid", "validation", "test"),
}
#: Images in the paper (AAAI 2025): another number is told, not refused.
PUBLISHED = {"train": 34_000, "select": 3_729, "val": 4_578}
CLASSES = {
    "BCC": ("bcc", "basalcellcarcinoma"),
    "Conj": ("conj", "conjunctivitis"),
    "Normal": ("normal", "healthy"),
    "Ptosis": ("ptosis",),
    "SCC": ("scc", "squamouscellcarcinoma"),
    "Strab": ("strab", "strabismus"),
    "TAO": ("tao", "thyroidassociatedophthalmopathy"),
    "Uveitis": ("uveitis",),
}
EXPECTED = """\
  MeMa/
    train/   select/   val/          one folder per split (34,000 / 3,729 / 4,578 images)
      BCC/ Conj/ Normal/ Ptosis/ SCC/ Strab/ TAO/ Uveitis/      one folder per class
        *.png or *.jpg
    labels.csv                       optional: file, subject, severity, side …"""


def split_of(place: str) -> str:
    """The split that the first folder of a place names; '' if none."""
    return _named(place.split("/")[0], SPLITS)


def class_of(place: str) -> str:
    """The class that the second folder of a place names; '' if none."""
    parts = place.split("/")
    return _named(parts[1], CLASSES) if len(parts) > 2 else ""


def survey(root: Path) -> dict[str, dict[str, int]]:
    """Count the images by split and class.

    Raises:
        MedbenchError: this is not MeMa's layout; the message shows what was expected.

    """
    if not root.is_dir():
        raise MedbenchError(f"{root}: no such folder")
    counts: dict[str, dict[str, int]] = {}
    for path in photographs(root):
        place = path.relative_to(root).as_posix()
        split, disease = split_of(place), class_of(place)
        if split and disease:
            by_class = counts.setdefault(split, dict.fromkeys(DISEASES, 0))
            by_class[disease] += 1
    if "val" not in counts:
        raise MedbenchError(f"{root}: no images of MeMa's validation split are here. Expected:\n{EXPECTED}")
    lacking = [f"{split}/{name}" for split, found in counts.items() for name, n in found.items() if not n]
    if lacking:
        raise MedbenchError(f"{root}: no images in {', '.join(lacking)}. Expected:\n{EXPECTED}")
    return counts


def _named(folder: str, names: dict[str, tuple[str, ...]]) -> str:
    plain = "".join(c for c in folder.lower() if c.isalnum())
    return next((name for name, spellings in names.items() if plain in spellings), "")
