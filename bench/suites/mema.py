"""MeMa, where the user has it: one suite per split that is measured, see data_cards/mema-*.yaml."""

from __future__ import annotations

import importlib.util
from dataclasses import replace
from pathlib import Path

from medbench.core import Unavailable
from medbench.suites.folder import FolderSuite, Photo, by_split
from medbench.suites.folder_labels import LABELS, read_labels
from medbench.suites.mema_layout import SPLITS, class_of, split_of
from medbench.suites.suite import SuiteCard
from medbench.suites.whereabouts import folder_of

MEMA = "mema"
_MISSING = """\
{name} needs MeMa, which is not on this machine; once you have it: medbench data add mema PATH

{title}
{summary}

How to obtain it
{how}

Then
  medbench data add mema PATH

Runs now, without any data
  medbench run --method ours --suite mema-mini"""


class MemaSuite(FolderSuite):
    """MeMa's three splits; ``card_name`` says which card, and so which split, is measured."""

    card_name: str
    measured: str

    def __init__(self) -> None:
        """Find the folder that was added.

        Raises:
            Unavailable: it never was, or it has gone; the message says what MeMa is and how to get it.

        """
        card = _card(self.card_name)
        root = folder_of(MEMA)
        if root is None or not root.is_dir():
            head = f"the folder {root} of MeMa has gone.\n\n" if root else ""
            how = "\n".join(f"  {line}" for line in card.how_to_obtain.strip().splitlines())
            text = _MISSING.format(name=card.name, title=card.title, summary=card.summary.strip(), how=how)
            raise Unavailable(head + text)
        labels = read_labels(root / LABELS) if (root / LABELS).is_file() else None
        photos = by_split(root, labels, split_of, lambda place: {"disease": class_of(place)})
        photos = {split: [_placed(photo) for photo in photos[split]] for split in SPLITS if split in photos}
        super().__init__(card, photos)
        extra = {} if labels is None else {name: "labels.csv" for name in labels if name != "split"}
        kept = {split: card.splits[split] for split in photos}
        self.card = card.model_copy(update={"splits": kept, "columns": card.columns | extra})
        self.default_split = self.measured


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


def _card(name: str) -> SuiteCard:
    spec = importlib.util.find_spec("medbench.data_cards")
    assert spec is not None and spec.submodule_search_locations
    return SuiteCard.read(Path(next(iter(spec.submodule_search_locations))) / f"{name}.yaml")
