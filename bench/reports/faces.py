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

    from medbench.methods.method import Method

FACES, SIDE, QUALITY = 5, 120, 72


@dataclass(frozen=True)
class Faces:
    """Samples of as many people: ids, the suite's name, uint8 images (H, W, 3) of any size."""

    suite: str
    ids: tuple[str, ...]
    images: tuple[np.ndarray, ...]


def pick_faces(suite: str, split: str) -> Faces:
    """FACES samples of a suite, each of another person and with another sign as far as it knows them.

    Args:
        suite: a registered name, or a folder of photographs.
        split: of that suite.

    Raises:
        MedbenchError: the suite or its pictures are not here.

    """
    from medbench.stages.resolve import suite_of

    found = suite_of(suite)
    ids = _chosen(found.index(split))
    if not ids:
        raise MedbenchError(f"{suite}/{split} holds no samples")
    found.prepare(split, ids)
    images = tuple(found.read(split, one).image for one in ids)
    return Faces(found.card.name, tuple(ids), images)


def _chosen(index: pd.DataFrame) -> list[str]:
    if "subject" not in index:
        return list(index["id"])[:FACES]
    subjects = list(dict.fromkeys(index["subject"]))[:FACES]
    of_each = [list(index["id"][index["subject"] == subject]) for subject in subjects]
    return [names[(2 * i + 1) % len(names)] for i, names in enumerate(of_each)]


def before_and_after(method: Method, faces: Faces, seed: str) -> dict[str, list[np.ndarray | None]]:
    """Rows of pictures: original, protected, and with right and wrong key where the method has one.

    The keys are those of a run with this seed. None stands for a picture that the method refused.
    """
    keyed, back = method.card.keyed, method.card.keyed and method.card.reversible
    names = ("original", "protected", *(["right key", "wrong key"] if back else []))
    rows: dict[str, list[np.ndarray | None]] = {name: [] for name in names}
    for one, image in zip(faces.ids, faces.images, strict=True):
        for name, picture in _treated(method, one, image, faces.suite, seed, keyed, back).items():
            rows[name].append(picture)
    return rows


def _treated(
    method: Method, one: str, image: np.ndarray, suite: str, seed: str, keyed: bool, back: bool
) -> dict[str, np.ndarray | None]:
    import pandas as pd
    import torch

    from medbench.stages.keyring import Keyring
    from medbench.stages.protect import Treated, protect, restore

    def only(treated: Treated) -> np.ndarray | None:
        return None if treated.failures else treated.images[0]

    ring = Keyring(seed, suite)
    with torch.inference_mode():
        truth = pd.DataFrame({"id": [one]})
        hidden = protect(method, image[None], [one], truth, [ring.right(one)] if keyed else None)
        found = {"original": image, "protected": only(hidden)}
        if back and not hidden.failures:
            found["right key"] = only(restore(method, hidden.images, [ring.right(one)]))
            found["wrong key"] = only(restore(method, hidden.images, [ring.wrong(one, 0)]))
        elif back:
            found |= {"right key": None, "wrong key": None}
    return found


def webp(rows: Sequence[Sequence[np.ndarray | None]]) -> bytes:
    """Rows of pictures as tiles of SIDE pixels in one picture, without metadata; grey where there is none."""
    from PIL import Image

    widest = max(map(len, rows))
    tiles = [[_tile(image) for image in row] + [_tile(None)] * (widest - len(row)) for row in rows]
    picture = np.concatenate([np.concatenate(row, axis=1) for row in tiles])
    found = io.BytesIO()
    Image.fromarray(picture).save(found, format="WEBP", quality=QUALITY, method=6)
    return found.getvalue()


def _tile(image: np.ndarray | None) -> np.ndarray:
    from PIL import Image, ImageOps

    if image is None:
        return np.full((SIDE, SIDE, 3), 128, dtype=np.uint8)
    fitted = ImageOps.pad(
        Image.fromarray(image), (SIDE, SIDE), Image.Resampling.LANCZOS, color=(128, 128, 128)
    )
    return np.asarray(fitted)
