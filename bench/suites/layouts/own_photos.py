"""The user's own photographs: any folder, with labels.csv where more is known."""

from __future__ import annotations

from pathlib import Path

from medbench.suites.cards import card_named
from medbench.suites.folder import FolderSuite, Photo, by_split
from medbench.suites.folder_labels import LABELS, read_labels
from medbench.suites.layout_suite import LayoutSuite


class OwnPhotosSuite(LayoutSuite):
    """The folder that was added last; named after its content, as every folder is."""

    data_set, short, card_name = "own-photos", "a folder of yours", "own-photos"
    expected = """\
  any folder/
    *.png, *.jpg …                   in any folders below
    labels.csv                       optional: file, subject, disease, severity, side, age, sex, split …"""

    def __init__(self) -> None:
        """Open the folder; its card's name comes from its content.

        Raises:
            Unavailable: no folder was added, or it has gone.

        """
        opened = FolderSuite.open(self._root(card_named(self.card_name)))
        FolderSuite.__init__(self, opened.card, opened.photos)

    @classmethod
    def arrange(cls, root: Path) -> dict[str, list[Photo]]:
        """Splits and truth come from labels.csv; without it there is one split."""
        photos = by_split(root, read_labels(root / LABELS) if (root / LABELS).is_file() else None)
        if not any(photos.values()):
            raise cls.wrong_layout(root, "no photographs are here")
        return photos


LAYOUT = OwnPhotosSuite
