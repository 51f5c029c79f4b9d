"""MeMa, where the user has it: one suite per split that is measured, see data_cards/mema-*.yaml."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from medbench.suites.folder import Photo, by_split
from medbench.suites.folder_labels import LABELS, read_labels
from medbench.suites.layout_suite import LayoutSuite
from medbench.suites.mema_layout import EXPECTED, PUBLISHED, SPLITS, class_of, split_of, survey


class MemaSuite(LayoutSuite):
    """MeMa's three splits; ``card_name`` says which card, and so which split, is measured."""

    data_set, short, expected, published = "mema", "MeMa", EXPECTED, PUBLISHED

    @classmethod
    def arrange(cls, root: Path) -> dict[str, list[Photo]]:
        """Splits and classes come from the folders' names; labels.csv adds to them."""
        labels = read_labels(root / LABELS) if (root / LABELS).is_file() else None
        photos = by_split(root, labels, split_of, lambda place: {"disease": class_of(place)})
        found = {split: [_placed(photo) for photo in photos[split]] for split in SPLITS if split in photos}
        if not found:
            raise cls.wrong_layout(root, "no images of MeMa are here")
        return found

    @classmethod
    def survey(cls, root: Path) -> dict[str, dict[str, int]]:
        """Count the images by split and class; the validation split and every class must be there."""
        return survey(root)


class MemaVal(MemaSuite):
    """The validation split, on which the paper's tables are measured."""

    card_name, measured = "mema-val", "val"


class MemaSelect(MemaSuite):
    """The hyper-parameter selection split, on which thresholds are frozen."""

    card_name, measured = "mema-select", "select"


class MemaTrain(MemaSuite):
    """The training split."""

    card_name, measured = "mema-train", "train"


def _placed(photo: Photo) -> Photo:
    if photo.truth.get("disease"):
        return photo
    return replace(photo, trouble=("in no class folder", "move it into one of the eight"))
