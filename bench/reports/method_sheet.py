"""A method on a few faces as one labelled picture: original, protected, restored, wrong key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from medbench.atomic import replacing
from medbench.core import MedbenchError
from medbench.reports.board import DRAWN
from medbench.reports.faces import before_and_after, pick_faces, tiled

if TYPE_CHECKING:
    from medbench.methods.method import Method
    from medbench.reports.faces import Faces

SIDE, LABEL = 192, 84


def faces_to_show(suite: str, split: str | None, count: int, people_too: bool) -> Faces:
    """Faces of a suite; of people only where ``people_too`` says that they may be shown.

    Raises:
        MedbenchError: the suite's faces are not drawn and were not asked for, or are not here.

    """
    if not people_too and suite not in DRAWN:
        raise MedbenchError(f"{suite} may show people; give --with-images if you may write their pictures")
    return pick_faces(suite, split, count)


def write_method_sheet(method: Method, faces: Faces, seed: str, file: Path) -> tuple[int, int]:
    """Write the sheet of a loaded method as PNG, without metadata.

    Returns:
        How many faces it shows, and how many of them the method refused.

    """
    from PIL import Image

    rows = before_and_after(method, faces, seed)
    with replacing(file) as draft:
        Image.fromarray(_labelled(rows)).save(draft, format="PNG", optimize=True)
    return len(faces.ids), sum(picture is None for picture in rows["protected"])


def _labelled(rows: Mapping[str, Sequence[np.ndarray | None]]) -> np.ndarray:
    """Tiles with the rows' names at their left."""
    from PIL import Image, ImageDraw

    pictures = tiled(list(rows.values()), SIDE)
    margin = Image.new("RGB", (LABEL, len(pictures)), "white")
    pen = ImageDraw.Draw(margin)
    for number, name in enumerate(rows):
        pen.text((8, SIDE * number + SIDE // 2 - 6), name, fill="black")
    return np.concatenate([np.asarray(margin), pictures], axis=1)
