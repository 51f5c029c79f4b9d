"""Flickr-Faces-HQ: numbered faces, the first 60,000 for training."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

from medbench.suites.folder import Photo, by_split
from medbench.suites.layout_suite import LayoutSuite

FIRST_OF_VAL = 60_000
_HOMES = ("images1024x1024", "images256x256", "thumbnails128x128")


class FfhqSuite(LayoutSuite):
    """Train and val by number, as FFHQ's authors divide it; who is shown is not known."""

    data_set, short, card_name = "ffhq", "FFHQ", "ffhq"
    published: ClassVar[Mapping[str, int]] = {"train": 60_000, "val": 10_000}
    expected = """\
  FFHQ/
    images1024x1024/  (or thumbnails128x128/, images256x256/, or the numbers themselves)
      00000/00000.png … 69000/69999.png         00000 to 59999 train, 60000 to 69999 val"""

    @classmethod
    def arrange(cls, root: Path) -> dict[str, list[Photo]]:
        """A picture's number says its split; other names are set aside."""
        home = next((root / name for name in _HOMES if (root / name).is_dir()), root)
        photos = by_split(home, None, split_of=_split_of)
        if not {"train", "val"} & set(photos):
            raise cls.wrong_layout(root, "no pictures called by FFHQ's numbers are here")
        strangers = [replace(p, trouble=("no number of FFHQ", "move it away")) for p in photos.pop("", [])]
        photos["val" if "val" in photos else "train"].extend(strangers)
        return photos


def _split_of(place: str) -> str:
    stem = Path(place).stem
    if not (len(stem) == 5 and stem.isdecimal()):
        return ""
    return "train" if int(stem) < FIRST_OF_VAL else "val"


LAYOUT = FfhqSuite
