"""CelebA-HQ: 30,000 numbered faces; CelebA's own lists add who is shown, and the splits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

from medbench.core import MedbenchError
from medbench.suites.folder import ALL, Photo, by_split
from medbench.suites.layout_suite import LayoutSuite
from medbench.suites.pseudonyms import pseudonyms

MAPPING = "CelebA-HQ-to-CelebA-mapping.txt"
IDENTITY = "identity_CelebA.txt"
PARTITION = "list_eval_partition.txt"
#: CelebA's validation part chooses and its test part is reported: select and val in medbench's words.
_PARTS = {"0": "train", "1": "select", "2": "val"}


class CelebaHqSuite(LayoutSuite):
    """Faces by number; subjects and splits where CelebA's lists lie beside them."""

    data_set, short, card_name = "celeba-hq", "CelebA-HQ", "celeba-hq"
    published: ClassVar[Mapping[str, int]] = {ALL: 30_000, "train": 24_183, "select": 2_993, "val": 2_824}
    expected = """\
  CelebA-HQ/
    CelebA-HQ-img/0.jpg … 29999.jpg             (or the numbers themselves)
    CelebA-HQ-to-CelebA-mapping.txt             optional, with the two lists of CelebA:
    identity_CelebA.txt                         who is shown
    list_eval_partition.txt                     train, validation, test"""

    @classmethod
    def arrange(cls, root: Path) -> dict[str, list[Photo]]:
        """One split without CelebA's lists, else CelebA's three."""
        home = root / "CelebA-HQ-img" if (root / "CelebA-HQ-img").is_dir() else root
        photos = [
            p for found in by_split(home, None).values() for p in found if Path(p.place).stem.isdecimal()
        ]
        if not photos:
            raise cls.wrong_layout(root, "no pictures called by CelebA-HQ's numbers are here")
        origin = {row[0]: row[2] for row in _rows(root / MAPPING, 3)[1:]}
        people = {row[0]: row[1] for row in _rows(root / IDENTITY, 2) if origin}
        parts = {row[0]: row[1] for row in _rows(root / PARTITION, 2) if origin}
        who = pseudonyms(people.values())
        found: dict[str, list[Photo]] = {}
        for photo in photos:
            file = origin.get(str(int(Path(photo.place).stem)), "")
            if people:
                known = file in people
                trouble = None if known else ("not in CelebA's lists", "complete the lists or move it away")
                subject = who[people[file]] if known else "s????"
                photo = replace(photo, truth={"subject": subject}, trouble=trouble)
            split = _PARTS.get(parts.get(file, ""), "train") if parts else ALL
            found.setdefault(split, []).append(photo)
        return dict(sorted(found.items()))


def _rows(file: Path, width: int) -> list[tuple[str, ...]]:
    if not file.is_file():
        return []
    rows = [tuple(line.split()) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    for number, row in enumerate(rows, start=1):
        if len(row) != width:
            raise MedbenchError(f"{file}: line {number} has {len(row)} words, not {width}; fetch it again")
    return rows


LAYOUT = CelebaHqSuite
