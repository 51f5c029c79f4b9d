"""One pass over the images of a suite: what each looks like in numbers; no pixel is kept."""

from __future__ import annotations

import hashlib
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from medbench.core import MedbenchError, Unavailable
from medbench.images import BrokenImage
from medbench.inspection.perceptual import difference_hash

if TYPE_CHECKING:
    from medbench.progress import Progress
    from medbench.suites.suite import Suite


@dataclass(frozen=True)
class Looked:
    """One image.

    ``content`` is the sha256 of its pixels; ``bits`` its perceptual hash; ``level`` and ``spread`` are
    mean and standard deviation of its grey values in 0 … 255; ``trouble`` says why it could not be read,
    and then the others are empty.
    """

    id: str
    name: str
    split: str
    subject: str | None
    disease: str | None
    content: str = ""
    bits: np.ndarray | None = None
    width: int = 0
    height: int = 0
    level: float = float("nan")
    spread: float = float("nan")
    trouble: str | None = None


def look(suite: Suite, splits: Sequence[str], progress: Progress, limit: int | None = None) -> list[Looked]:
    """Look at every image of ``splits`` (at most ``limit`` of each)."""
    found: list[Looked] = []
    for split in splits:
        index = suite.index(split)
        rows = index.head(limit or len(index)).to_dict("records")
        ids = [row["id"] for row in rows]
        suite.prepare(split, ids)
        progress.phase(f"looking at {split}", len(rows))
        for row in rows:
            found.append(_look(suite, split, row))
            progress.advance()
    return found


def _look(suite: Suite, split: str, row: Mapping[Hashable, object]) -> Looked:
    name = str(suite.file_of(split, str(row["id"]))) if hasattr(suite, "file_of") else str(row["id"])
    known = Looked(str(row["id"]), name, split, _word(row.get("subject")), _word(row.get("disease")))
    try:
        image = suite.read(split, known.id).image
    except Unavailable:
        raise
    except MedbenchError as error:
        reason = error.reason if isinstance(error, BrokenImage) else str(error)
        return replace(known, trouble=reason)
    grey = image.mean(axis=2)
    return replace(
        known,
        content=hashlib.sha256(str(image.shape).encode() + image.tobytes()).hexdigest(),
        bits=difference_hash(grey),
        width=image.shape[1],
        height=image.shape[0],
        level=float(grey.mean()),
        spread=float(grey.std()),
    )


def _word(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
