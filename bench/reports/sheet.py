"""A contact sheet of a suite. It holds pixels: for suites that may be shown, never written by a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from medbench.atomic import replacing
from medbench.core import MedbenchError
from medbench.stages.groups import read
from medbench.stages.pick import limited

if TYPE_CHECKING:
    from pathlib import Path

    from medbench.quarantine import Quarantined
    from medbench.suites.suite import Suite

COLUMNS, SIDE = 8, 192


def write_sheet(suite: Suite, split: str, number: int, out: Path) -> int:
    """Write at most ``number`` images of whole subjects, COLUMNS to a row; returns how many there are.

    Raises:
        MedbenchError: none can be read.

    """
    from PIL import Image

    ids = list(limited(suite.index(split), number)["id"])[:number]
    suite.prepare(split, ids)
    quarantined: list[Quarantined] = []
    tiles = [_tile(sample.image) for sample in read(suite, split, ids, quarantined)]
    if not tiles:
        raise MedbenchError(f"none of {len(ids)} images can be read: {quarantined[0].message}")
    tiles += [np.full_like(tiles[0], 255)] * (-len(tiles) % COLUMNS)
    rows = [np.concatenate(tiles[i : i + COLUMNS], axis=1) for i in range(0, len(tiles), COLUMNS)]
    with replacing(out) as draft:
        Image.fromarray(np.concatenate(rows)).save(draft, format="PNG")
    return len(ids) - len(quarantined)


def _tile(image: np.ndarray) -> np.ndarray:
    """Fit an image into a square of SIDE pixels, white around it."""
    from PIL import Image, ImageOps

    fitted = ImageOps.pad(Image.fromarray(image), (SIDE, SIDE), color=(255, 255, 255))
    return np.asarray(fitted)
