"""Tumour masks as a column: eight pixels to a byte, so that a cache of thousands stays small."""

from __future__ import annotations

import numpy as np

#: The column of every tumour segmenter: uint8 (B, H, ceil(W / 8)), see :func:`packed`.
COLUMN = "tumour_mask"


def packed(masks: np.ndarray) -> np.ndarray:
    """Pack bool masks (B, H, W) along the width: uint8 (B, H, ceil(W / 8)), numpy's bit order.

    A 256 x 256 mask takes 8 KB. Nothing marked, and nothing seen, are all zeros.
    """
    return np.packbits(np.asarray(masks, dtype=bool), axis=2)


def unpacked(column: np.ndarray, width: int) -> np.ndarray:
    """Return the bool masks (B, H, ``width``) of :func:`packed`."""
    return np.unpackbits(np.ascontiguousarray(column, np.uint8), axis=2, count=width).astype(bool)
