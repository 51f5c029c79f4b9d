"""A known data set in the folder where the user has it: its layout, told from its own words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar

from medbench.core import MedbenchError, Unavailable
from medbench.suites.cards import card_named
from medbench.suites.folder import FolderSuite, Photo
from medbench.suites.suite import SuiteCard
from medbench.suites.whereabouts import folder_of

_MISSING = """\
{name} needs {short}, which is not on this machine; once you have it: medbench data add {data_set} PATH

{title}
{summary}

How to obtain it
{how}

Then
  medbench data add {data_set} PATH

Runs now, without any data
  medbench run --method ours --suite mema-mini"""


class LayoutSuite(FolderSuite):
    """Base of the suites in ``layouts/``: a subclass says what it is called and how its folder is read."""

    #: name in ``medbench data add NAME PATH``
    data_set: ClassVar[str]
    #: what people call it
    short: ClassVar[str]
    card_name: ClassVar[str]
    #: the folder, drawn
    expected: ClassVar[str]
    #: images by split as published; another number is told, not refused
    published: ClassVar[Mapping[str, int]] = {}
    measured: ClassVar[str] = "val"

    def __init__(self) -> None:
        """Find the folder that was added.

        Raises:
            Unavailable: it never was, or it has gone; the message says what it is and how to get it.

        """
        card = card_named(self.card_name)
        photos = self.arrange(self._root(card))
        super().__init__(card, photos)
        self.card = _as_found(card, photos)
        self.default_split = self.measured if self.measured in photos else next(iter(photos))

    @classmethod
    def arrange(cls, root: Path) -> dict[str, list[Photo]]:
        """Sort the photographs under ``root`` into splits, with what their places tell.

        Raises:
            MedbenchError: this is not the layout; the message draws what was expected.

        """
        raise NotImplementedError

    @classmethod
    def survey(cls, root: Path) -> dict[str, dict[str, int]]:
        """Count the usable images by split and disease (``all`` where none is known).

        Raises:
            MedbenchError: as :meth:`arrange`.

        """
        if not root.is_dir():
            raise MedbenchError(f"{root}: no such folder")
        photos = cls.arrange(root)
        return {
            split: dict(Counter(str(p.truth.get("disease", "all")) for p in found if not p.trouble))
            for split, found in photos.items()
        }

    @classmethod
    def wrong_layout(cls, root: Path, what: str) -> MedbenchError:
        """An error that draws the layout."""
        return MedbenchError(f"{root}: {what}. Expected:\n{cls.expected}")

    @classmethod
    def _root(cls, card: SuiteCard) -> Path:
        root = folder_of(cls.data_set)
        if root is not None and root.is_dir():
            return root
        head = f"the folder {root} of {cls.short} has gone.\n\n" if root else ""
        how = "\n".join(f"  {line}" for line in card.how_to_obtain.strip().splitlines())
        text = _MISSING.format(
            name=card.name,
            short=cls.short,
            data_set=cls.data_set,
            title=card.title,
            summary=card.summary.strip(),
            how=how,
        )
        raise Unavailable(head + text)


def _as_found(card: SuiteCard, photos: Mapping[str, Sequence[Photo]]) -> SuiteCard:
    """The card with the splits and columns that this copy of the data set has."""
    known = {name: None for found in photos.values() for photo in found for name in photo.truth}
    columns = {name: card.columns.get(name, "labels.csv") for name in known}
    splits = {split: card.splits.get(split, "as found") for split in photos}
    return card.model_copy(update={"splits": splits, "columns": columns})
