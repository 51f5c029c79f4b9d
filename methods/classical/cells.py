"""Square cells over a region: their means, and painting them back."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np


class Cells(NamedTuple):
    """A grid of cells that covers a region, whole cells only, cut at the picture's edge.

    ``rows`` and ``columns`` are the cells' first pixels, then the end of the last cell.
    """

    rows: np.ndarray
    columns: np.ndarray

    @classmethod
    def over(cls, mask: np.ndarray, side: int) -> Cells:
        """Cells of ``side`` pixels from the top left of the region's bounding box."""
        return cls(*(_starts(np.asarray(mask.any(axis=axis)), side) for axis in (1, 0)))

    def means(self, values: np.ndarray) -> np.ndarray:
        """Mean of each cell: (rows, columns, C) of values (H, W, C)."""
        inner = values[self.rows[0] : self.rows[-1], self.columns[0] : self.columns[-1]]
        sums = np.add.reduceat(inner, self.rows[:-1] - self.rows[0], axis=0, dtype=np.float64)
        sums = np.add.reduceat(sums, self.columns[:-1] - self.columns[0], axis=1)
        return sums / self.sizes()[..., None]

    def sizes(self) -> np.ndarray:
        """Pixels in each cell: (rows, columns)."""
        return np.outer(np.diff(self.rows), np.diff(self.columns))

    def paint(self, pixels: np.ndarray, colours: np.ndarray, mask: np.ndarray) -> np.ndarray:
        """``pixels`` with every cell that ``mask`` touches filled with its colour."""
        touched = self.means(mask[..., None].astype(np.float64)) > 0
        spread = [
            np.repeat(np.repeat(v, np.diff(self.rows), 0), np.diff(self.columns), 1)
            for v in (colours, touched)
        ]
        inner = pixels[self.rows[0] : self.rows[-1], self.columns[0] : self.columns[-1]]
        np.copyto(inner, spread[0], where=spread[1], casting="same_kind")
        return pixels


def _starts(occupied: np.ndarray, side: int) -> np.ndarray:
    where = np.flatnonzero(occupied)
    first, last = (where[0], where[-1] + 1) if len(where) else (0, 1)
    count = -(-(last - first) // side)
    return np.minimum(first + side * np.arange(count + 1), len(occupied))
