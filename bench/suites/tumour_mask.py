"""The mask of an image: ``masks/<class>/<name>.png`` for ``images/<class>/<name>.jpg``."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from medbench.images import BrokenImage


def mask_file(image: Path) -> Path:
    """Where the mask of an image belongs: the folder ``images`` two above becomes ``masks``."""
    return image.parents[2] / "masks" / image.parent.name / f"{image.stem}.png"


def read_mask(file: Path) -> np.ndarray:
    """Read a mask as bool (H, W): every value but 0 counts, in any channel but transparency.

    Raises:
        BrokenImage: the file is no picture.

    """
    from PIL import Image

    try:
        with Image.open(file) as picture:
            # A palette's number 0 is the background, whatever colour it is shown in.
            values = np.asarray(
                picture if picture.mode in ("1", "L", "P", "I", "I;16") else picture.convert("RGB")
            )
    except (OSError, ValueError, Image.DecompressionBombError) as error:
        raise BrokenImage(file, "a mask that cannot be read", "save it as PNG", str(error)) from None
    return np.asarray(values.any(axis=2) if values.ndim == 3 else values != 0)
