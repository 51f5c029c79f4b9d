"""Sample sheets: drawn faces before and after a method, as small WebP pictures.

Pixels of drawn suites alone; faces of people are shown by nothing here, whatever is asked.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from medbench.atomic import replacing
from medbench.cache import default_folder
from medbench.core import MedbenchError
from medbench.digest import digest
from medbench.leaderboards.site.shelf import Entry
from medbench.reports.board import DRAWN

if TYPE_CHECKING:
    from medbench.keys import Key
    from medbench.methods.method import Method

FACES, SIDE, QUALITY = 5, 120, 72


@dataclass(frozen=True)
class Faces:
    """Drawn samples: ids, uint8 images (FACES, H, W, 3)."""

    ids: tuple[str, ...]
    images: np.ndarray


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
        MedbenchError: the suite's faces are not drawn, or the method is not here as it was measured.

    """
    if not shown(entry):
        raise MedbenchError("the suite shows people; sheets are made of drawn faces alone")
    from medbench.stages.resolve import MethodChoice, method_code, method_of

    info, suite = entry.result.method, entry.result.suite
    method, _ = method_of(MethodChoice(info.name, info.preset), "cpu")
    now = [method.fingerprint(), method_code(method)]
    note = "" if now == [info.fingerprint, info.code] else "Drawn with the installed version of the method."
    name = digest([info.name, info.preset, *now, suite.fingerprint, FACES, SIDE, QUALITY], 20)
    file = default_folder() / "sheets" / f"{name}.webp"
    rows = _row_names(method)
    if not file.is_file():
        group = faces(suite.name, suite.split)
        data = webp([tiles for _, tiles in _rows(method, group, entry)])
        with replacing(file) as draft:
            draft.write_bytes(data)
    return Sheet(file.read_bytes(), rows, note)


@cache
def faces(suite: str, split: str) -> Faces:
    """FACES samples of as many subjects, each with another sign where the suite lists them in turn."""
    from medbench.stages.resolve import suite_of

    found = suite_of(suite)
    index = found.index(split)
    subjects = list(dict.fromkeys(index["subject"]))[:FACES]
    ids = [list(index["id"][index["subject"] == s])[(2 * i + 1) % 8] for i, s in enumerate(subjects)]
    found.prepare(split, ids)
    return Faces(tuple(ids), np.stack([found.read(split, one).image for one in ids]))


def webp(rows: list[np.ndarray]) -> bytes:
    """Rows of uint8 (FACES, H, W, 3) as one picture of SIDE-pixel tiles, without metadata."""
    from PIL import Image

    tiles = [[_tile(image) for image in row] for row in rows]
    picture = np.concatenate([np.concatenate(row, axis=1) for row in tiles])
    found = io.BytesIO()
    Image.fromarray(picture).save(found, format="WEBP", quality=QUALITY, method=6)
    return found.getvalue()


def _row_names(method: Method) -> tuple[str, ...]:
    both = method.card.reversible and method.card.keyed
    return ("protected", *(["right key", "wrong key"] if both else []))


def _rows(method: Method, group: Faces, entry: Entry) -> list[tuple[str, np.ndarray]]:
    import pandas as pd
    import torch

    from medbench.stages.keyring import Keyring
    from medbench.stages.protect import protect, restore

    ring = Keyring(entry.result.seed, entry.result.suite.name)
    right: list[Key] = [ring.right(one) for one in group.ids]
    with torch.inference_mode():
        truth = pd.DataFrame({"id": group.ids})
        hidden = protect(method, group.images, group.ids, truth, right if method.card.keyed else None)
        found = [("protected", hidden.images)]
        if len(_row_names(method)) > 1:
            wrong = [ring.wrong(one, 0) for one in group.ids]
            found.append(("right key", restore(method, hidden.images, right).images))
            found.append(("wrong key", restore(method, hidden.images, wrong).images))
    return found


def _tile(image: np.ndarray) -> np.ndarray:
    from PIL import Image

    return np.asarray(Image.fromarray(image).resize((SIDE, SIDE), Image.Resampling.LANCZOS))
