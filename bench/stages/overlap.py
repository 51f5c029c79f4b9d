"""How a marked tumour lies on the true one.

Metrics get numbers only: masks of thousands of photographs would not fit the memory, and never
leave the stage that has both of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from medbench.shards import Columns

#: What an evaluator gives, and what becomes of it where the truth has a mask.
MASK, OVERLAP = "tumour_mask", "tumour_overlap"
#: The numbers of OVERLAP, in order: pixels marked, pixels of the truth, pixels in both, HD95.
PARTS = ("marked", "truth", "both", "hd95")


def weigh(seen: Columns, truth: Sequence[np.ndarray | None], found: np.ndarray | None) -> None:
    """Put OVERLAP in the place of MASK.

    Args:
        seen: columns of B images; MASK is taken out.
        truth: B true masks, bool (H, W), None where the suite has none.
        found: (B,) whether the original shows a face; without one nothing may be said. None: no
            detector was asked.
    """
    bits = seen.pop(MASK, None)
    if bits is None:
        return
    from medbench.metrics.evaluators.segmentation_masks import unpacked

    rows = np.full((len(truth), len(PARTS)), np.nan)
    for row, mask in enumerate(truth):
        if mask is not None and (found is None or found[row]):
            rows[row] = overlap(unpacked(bits[row : row + 1], mask.shape[1])[0], mask)
    seen[OVERLAP] = rows


def overlap(marked: np.ndarray, truth: np.ndarray) -> tuple[float, float, float, float]:
    """PARTS of two bool masks (H, W). HD95 is :func:`hausdorff95`, NaN where the truth is empty."""
    both = float((marked & truth).sum())
    return float(marked.sum()), float(truth.sum()), both, hausdorff95(marked, truth)


def hausdorff95(marked: np.ndarray, truth: np.ndarray) -> float:
    """Symmetric 95 % Hausdorff distance in pixels of two bool masks (H, W).

    The 95th percentile of the distances of each border pixel to the other border, both ways put
    together, as medpy's ``hd95`` has it. A missed tumour (nothing marked) gets the image's
    diagonal, as in the BraTS challenges: leaving it out would reward missing. NaN where the truth
    is empty.
    """
    if not truth.any():
        return float("nan")
    if not marked.any():
        return float(np.hypot(*truth.shape))
    from scipy.spatial import cKDTree

    one, other = _border(marked), _border(truth)
    there, back = cKDTree(other).query(one)[0], cKDTree(one).query(other)[0]
    return float(np.percentile(np.concatenate([there, back]), 95))


def _border(mask: np.ndarray) -> np.ndarray:
    """Places (K, 2) of the pixels that touch the outside, or the image's edge, with one of four sides."""
    wide = np.pad(mask, 1)
    inner = wide[:-2, 1:-1] & wide[2:, 1:-1] & wide[1:-1, :-2] & wide[1:-1, 2:]
    return np.argwhere(mask & ~inner)
