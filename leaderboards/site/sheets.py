"""Sample sheets: drawn faces before and after a method.

Pixels of drawn suites alone; faces of people are shown by nothing here, whatever is asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from medbench.atomic import replacing
from medbench.cache import default_folder
from medbench.core import MedbenchError
from medbench.digest import digest
from medbench.leaderboards.site.shelf import Entry
from medbench.reports.board import DRAWN
from medbench.reports.faces import FACES, QUALITY, SIDE, Faces, before_and_after, pick_faces, row_names, webp


@dataclass(frozen=True)
class Sheet:
    """A picture of FACES columns; ``rows`` says what each row shows; ``note`` what a reader must know."""

    webp: bytes
    rows: tuple[str, ...]
    note: str


def shown(entry: Entry) -> bool:
    """May faces of this entry's suite be shown?"""
    return entry.result.suite.name in DRAWN


def sheet_of(entry: Entry) -> Sheet:
    """Render the method's sheet with the method that is installed here; kept in the cache folder.

    Raises:
        MedbenchError: the suite's faces are not drawn, or the method is not here.

    """
    if not shown(entry):
        raise MedbenchError("the suite shows people; sheets are made of drawn faces alone")
    from medbench.stages.resolve import MethodChoice, method_code, method_of

    info, suite = entry.result.method, entry.result.suite
    method, _ = method_of(MethodChoice(info.name, info.preset), "cpu")
    now = [method.fingerprint(), method_code(method)]
    note = "" if now == [info.fingerprint, info.code] else "Drawn with the installed version of the method."
    names = [info.name, info.preset, *now, suite.fingerprint, suite.split, entry.result.seed]
    file = default_folder() / "sheets" / f"{digest([*names, FACES, SIDE, QUALITY], 20)}.webp"
    if not file.is_file():
        rows = before_and_after(method, faces(suite.name, suite.split), entry.result.seed)
        data = webp([row for name, row in rows.items() if name != "original"])
        with replacing(file) as draft:
            draft.write_bytes(data)
    return Sheet(file.read_bytes(), row_names(method.card)[1:], note)


def originals(suite: str, split: str) -> bytes:
    """The faces of every sheet of a drawn suite, untouched."""
    return webp([faces(suite, split).images])


@cache
def faces(suite: str, split: str) -> Faces:
    """The faces of a drawn suite's sheets."""
    return pick_faces(suite, split)
