"""A few pictures before and after a method, as one small WebP. Whoever asks must be allowed to see them."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from medbench.core import MedbenchError

if TYPE_CHECKING:
    import pandas as pd

    from medbench.methods.method import Method, MethodCard

FACES, SIDE, QUALITY = 5, 120, 64


@dataclass(frozen=True)
class Faces:
    """Samples of as many people: ids, the suite's name, uint8 images (H, W, 3) of any size."""

    suite: str
    ids: tuple[str, ...]
    images: tuple[np.ndarray, ...]


def pick_faces(suite: str, split: str | None, count: int = FACES) -> Faces:
    """Samples of a suite, each of another person and with another sign as far as it knows them.

    Args:
        suite: a registered name, or a folder of photographs.
        split: of that suite; None for its own.
        count: at most so many.

    Raises:
        MedbenchError: the suite or its pictures are not here.

    """
    from medbench.stages.resolve import suite_of

    found = suite_of(suite)
    split = split or found.default_split
    ids = _chosen(found.index(split), count)
    if not ids:
        raise MedbenchError(f"{suite}/{split} holds no samples")
    found.prepare(split, ids)
    images = tuple(found.read(split, one).image for one in ids)
    return Faces(found.card.name, tuple(ids), images)


def _chosen(index: pd.DataFrame, count: int) -> list[str]:
    if "subject" not in index:
        return list(index["id"])[:count]
    subjects = list(dict.fromkeys(index["subject"]))[:count]
    of_each = [list(index["id"][index["subject"] == subject]) for subject in subjects]
    return [names[(2 * i + 1) % len(names)] for i, names in enumerate(of_each)]


def row_names(card: MethodCard) -> tuple[str, ...]:
    """What the rows show: original, protected, and what comes back: with keys, a wrong one too."""
    back = ("right key", "wrong key") if card.keyed else ("restored",)
    return ("original", "protected", *(back if card.reversible else ()))


def before_and_after(method: Method, faces: Faces, seed: str) -> dict[str, list[np.ndarray | None]]:
    """Rows of pictures, named as :func:`row_names` says.

    The keys are those of a run with this seed. None stands for a picture that the method refused.
    """
    rows: dict[str, list[np.ndarray | None]] = {name: [] for name in row_names(method.card)}
    for one, image in zip(faces.ids, faces.images, strict=True):
        found = _treated(method, one, image, faces.suite, seed)
        for name, row in rows.items():
            row.append(found.get(name))
    return rows


def _treated(
    method: Method, one: str, image: np.ndarray, suite: str, seed: str
) -> dict[str, np.ndarray | None]:
    import pandas as pd
    import torch

    from medbench.stages.keyring import Keyring
    from medbench.stages.protect import Treated, protect, restore

    def only(treated: Treated) -> np.ndarray | None:
        return None if treated.failures else treated.images[0]

    ring = Keyring(seed, suite)
    right, wrong = [ring.right(one)], [ring.wrong(one, 0)]
    with torch.inference_mode():
        truth = pd.DataFrame({"id": [one]})
        hidden = protect(method, image[None], [one], truth, right if method.card.keyed else None)
        found = {"original": image, "protected": only(hidden)}
        if method.card.reversible and not hidden.failures:
            found["right key"] = found["restored"] = only(restore(method, hidden.images, right))
        if method.card.reversible and method.card.keyed and not hidden.failures:
            found["wrong key"] = only(restore(method, hidden.images, wrong))
    return found


def webp(rows: Sequence[Sequence[np.ndarray | None]]) -> bytes:
    """Rows of pictures as tiles of SIDE pixels in one picture, without metadata."""
    from PIL import Image

    found = io.BytesIO()
    Image.fromarray(tiled(rows, SIDE)).save(found, format="WEBP", quality=QUALITY, method=6)
    return found.getvalue()


def tiled(rows: Sequence[Sequence[np.ndarray | None]], side: int) -> np.ndarray:
    """Rows of pictures as tiles of ``side`` pixels, uint8 (H, W, 3); grey where there is none."""
    widest = max(map(len, rows))
    tiles = [[_tile(row[i] if i < len(row) else None, side) for i in range(widest)] for row in rows]
    return np.concatenate([np.concatenate(row, axis=1) for row in tiles])


def _tile(image: np.ndarray | None, side: int) -> np.ndarray:
    from PIL import Image, ImageOps

    if image is None:
        return np.full((side, side, 3), 128, dtype=np.uint8)
    fitted = ImageOps.pad(
        Image.fromarray(image), (side, side), Image.Resampling.LANCZOS, color=(128, 128, 128)
    )
    return np.asarray(fitted)
