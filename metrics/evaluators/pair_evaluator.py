"""An evaluator of two pictures at once: how far is one from the other?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from medbench.metrics.evaluators.evaluator import Evaluator

if TYPE_CHECKING:
    from torch import Tensor


class PairEvaluator(Evaluator):
    """Base of evaluators whose columns compare a picture with its original.

    Its features would fill megabytes per picture, so that they are compared where they are made and
    the distance alone is kept.
    """

    def compare(self, originals: Tensor, images: Tensor) -> dict[str, np.ndarray]:
        """Distances (B,) float32 between float RGB pictures (B, 3, H, W) in [0, 1] of one size."""
        raise NotImplementedError

    def look(self, images: Tensor, boxes: np.ndarray | None = None) -> dict[str, np.ndarray]:
        """One picture by itself has no distance: NaN."""
        return {name: np.full(len(images), np.nan, np.float32) for name in self.produces}
