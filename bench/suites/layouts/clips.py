"""Frames of clips, as of recorded talks: a folder per clip, perhaps within a folder per speaker."""

from __future__ import annotations

import csv
import re
from dataclasses import replace
from pathlib import Path, PurePosixPath

from medbench.core import MedbenchError
from medbench.suites.folder import ALL, Photo, by_split
from medbench.suites.layout_suite import LayoutSuite
from medbench.suites.pseudonyms import pseudonyms

CLIPS = "clips.csv"


class ClipsSuite(LayoutSuite):
    """Frames with their clip, their number, and the speaker as the subject."""

    data_set, short, card_name = "clips", "clips", "clips"
    expected = """\
  clips/
    <clip>/<frame>.jpg  or  <speaker>/<clip>/<frame>.jpg     a frame's number ends its name
    clips.csv                                   optional: clip, speaker, split; clip as the folder above"""

    @classmethod
    def arrange(cls, root: Path) -> dict[str, list[Photo]]:
        """The top folder is the speaker, the frame's own folder the clip; clips.csv says it better."""
        photos = [p for found in by_split(root, None).values() for p in found if "/" in p.place]
        if not photos:
            raise cls.wrong_layout(root, "no folders of frames are here")
        listed = _listed(root / CLIPS)
        clips = {photo.place: PurePosixPath(photo.place).parent.as_posix() for photo in photos}
        speakers = {clip: listed.get(clip, ("", ""))[0] or clip.split("/")[0] for clip in clips.values()}
        who, which = pseudonyms(speakers.values()), pseudonyms(speakers, "c")
        found: dict[str, list[Photo]] = {}
        for photo in photos:
            clip = clips[photo.place]
            truth = {"subject": who[speakers[clip]], "clip": which[clip], "frame": _number(photo.place)}
            trouble = None
            if listed and clip not in listed:
                trouble = ("its clip is not in clips.csv", "add a line for it")
            split = listed.get(clip, ("", ""))[1] or ALL
            found.setdefault(split, []).append(replace(photo, truth=truth, trouble=trouble))
        return dict(sorted(found.items()))


def _number(place: str) -> int:
    digits = re.findall(r"\d+", PurePosixPath(place).stem)
    return int(digits[-1]) if digits else 0


def _listed(file: Path) -> dict[str, tuple[str, str]]:
    """Clip -> speaker, split; either may be empty."""
    if not file.is_file():
        return {}
    with file.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    if not rows or "clip" not in rows[0]:
        raise MedbenchError(f"{file}: has no column 'clip'; its first line is clip,speaker,split")
    return {row["clip"].strip().strip("/"): (_cell(row, "speaker"), _cell(row, "split")) for row in rows}


def _cell(row: dict[str, str], name: str) -> str:
    return (row.get(name) or "").strip()


LAYOUT = ClipsSuite
