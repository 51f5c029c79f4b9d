"""Labeled Faces in the Wild: a folder per person, and View 2's pairs in pairs.txt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from medbench.suites.folder import ALL, Photo, by_split
from medbench.suites.layout_suite import LayoutSuite
from medbench.suites.lfw_pairs import LfwPair, read_pairs
from medbench.suites.pseudonyms import pseudonyms

if TYPE_CHECKING:
    import pandas as pd

PAIRS = "pairs"
_HOMES = ("lfw", "lfw-deepfunneled", "lfw_funneled", "lfw-funneled")


class LfwSuite(LayoutSuite):
    """The photographs that pairs.txt names, with their fold; all photographs where it is absent."""

    data_set, short, card_name, measured = "lfw", "LFW", "lfw", PAIRS
    published: ClassVar[Mapping[str, int]] = {ALL: 13_233}
    expected = """\
  LFW/
    lfw/  (or lfw-deepfunneled/, lfw_funneled/)
      Aaron_Eckhart/Aaron_Eckhart_0001.jpg      one folder per person
    pairs.txt                                   View 2: 10 folds of 300 same and 300 different pairs"""

    @classmethod
    def arrange(cls, root: Path) -> dict[str, list[Photo]]:
        """One split: ``pairs`` with pairs.txt, else ``all``; the folder says who it is."""
        home = _home(root)
        photos = [p for found in by_split(home, None).values() for p in found if p.place.count("/") == 1]
        if not photos:
            raise cls.wrong_layout(root, "no folders of people are here")
        who = pseudonyms(photo.place.split("/")[0] for photo in photos)
        pairs = _pairs(root)
        folds = {place: pair.fold for pair in pairs for place in (pair.first, pair.second)}
        named = {photo.place: photo for photo in photos}
        chosen = sorted(folds) if pairs else sorted(named)
        found = []
        for place in chosen:
            photo = named.get(place, Photo(home / place, place))
            truth = {"subject": who.get(place.split("/")[0], "s????")}
            found.append(replace(photo, truth=truth | ({"fold": folds[place]} if pairs else {})))
        return {PAIRS if pairs else ALL: found}

    def index(self, split: str) -> pd.DataFrame:
        """One row per photograph; with pairs.txt also ``pairs``: the ids that it is compared with."""
        found = super().index(split)
        if split == PAIRS:
            mates = self.pairs().groupby("first")["second"].agg(" ".join)
            found["pairs"] = found["id"].map(mates).fillna("")
        return found

    def pairs(self) -> pd.DataFrame:
        """View 2's pairs: ``fold`` (from 1), ``first`` and ``second`` (sample ids), ``same`` (bool).

        The protocol: on each fold, with a threshold chosen on the other nine, how many pairs are
        judged rightly; the mean over ten folds and its standard error. Empty without pairs.txt.
        """
        import pandas as pd

        ids = {photo.place: name for name, photo in self._of(self.default_split).items()}
        rows = [(p.fold, ids[p.first], ids[p.second], p.same) for p in _pairs(self._root(self.card))]
        return pd.DataFrame(rows, columns=["fold", "first", "second", "same"])


def _home(root: Path) -> Path:
    return next((root / name for name in _HOMES if (root / name).is_dir()), root)


def _pairs(root: Path) -> list[LfwPair]:
    files = [folder / "pairs.txt" for folder in (root, _home(root))]
    return next((read_pairs(file) for file in files if file.is_file()), [])


LAYOUT = LfwSuite
