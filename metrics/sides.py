"""Is the sign still at the eye that has it?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from medbench.metrics.metric import Metric
from medbench.metrics.readings import readings
from medbench.metrics.statistics.estimating import mean_estimate

if TYPE_CHECKING:
    from medbench.core import Estimate, Seen
    from medbench.metrics.statistics.resample import Resampler


class SideSwap(Metric):
    """Share of one-sided signs that are seen at the other eye after protection.

    An evaluator gives the chance that the sign is at the patient's right eye. Group ``all`` counts
    the sick images whose side it tells rightly in the original; an image in which it sees nothing
    after protection is left out. ``untouched`` is how often it takes the wrong side by itself.
    """

    name = "side_swap"
    title = "Side swaps"
    task = "utility"
    needs = ("original.side", "protected.side", "truth.side", "truth.disease")
    direction = "lower"
    unit = "share"
    range = (0.0, 1.0)
    source = "medbench"

    def estimates(self, seen: Seen, resampler: Resampler) -> list[Estimate]:
        """``all`` in each reading, and ``untouched``."""
        truth = np.array([{"R": 1.0, "L": 0.0}.get(str(side), np.nan) for side in seen.column("truth.side")])
        truth[np.asarray(seen.column("truth.disease")).astype(str) == "Normal"] = np.nan
        before = _wrong(np.asarray(seen.column("original.side"), dtype=float), truth)
        found = []
        for reading in readings(seen):
            after = _wrong(reading.column("protected.side"), truth)
            values = np.where(reading.keep & (before == 0), after, np.nan)
            found.append(
                mean_estimate(
                    self, "all", values, seen, resampler, reading=reading.name, chance=0.5, share=True
                )
            )
        return [*found, mean_estimate(self, "untouched", before, seen, resampler, chance=0.5, share=True)]


def _wrong(right: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """1 where the side that is likelier is not the true one; NaN where either is unknown: (N,)."""
    right = right.reshape(len(truth))
    return np.where(np.isfinite(right) & np.isfinite(truth), (right > 0.5) != (truth > 0.5), np.nan)


METRICS: tuple[type[Metric], ...] = (SideSwap,)
