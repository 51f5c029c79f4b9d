"""From the four numbers of an image (``tumour_overlap``) to Dice, Jaccard and false alarms.

The numbers are pixels marked, pixels of the truth, pixels in both, and HD95.
"""

from __future__ import annotations

import numpy as np

from medbench.metrics.statistics.ratio_of_sums import divide


def dice(overlap: np.ndarray) -> np.ndarray:
    """Dice (N,) of (N, 4) numbers; NaN without a tumour."""
    marked, truth, both = overlap[:, :3].T
    return np.where(truth > 0, divide(2 * both, marked + truth), np.nan)


def jaccard(overlap: np.ndarray) -> np.ndarray:
    """Jaccard (N,), intersection over union, of (N, 4) numbers; NaN without a tumour."""
    marked, truth, both = overlap[:, :3].T
    return np.where(truth > 0, divide(both, marked + truth - both), np.nan)


def alarm(overlap: np.ndarray) -> np.ndarray:
    """1 where a tumour is marked on a face without one, 0 where none is, NaN with one: (N,) of (N, 4)."""
    marked, truth = overlap[:, 0], overlap[:, 1]
    return np.where(truth == 0, (marked > 0).astype(float), np.nan)
