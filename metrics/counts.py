"""Of how many images do the figures speak?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from medbench.core import Estimate
from medbench.metrics.metric import Metric

if TYPE_CHECKING:
    from medbench.core import Seen
    from medbench.metrics.statistics.resample import Resampler


class Counts(Metric):
    """The denominators that stand beside every figure; exact, so the interval has no width.

    Groups: ``n_total`` read; ``n_protected`` not failed; ``n_detected`` protected, and a face is
    found in the protected image; ``n_scored`` protected, and the recogniser saw both faces.
    """

    name = "counts"
    title = "Images"
    task = "counts"
    needs = ()
    direction = "higher"
    unit = "images"
    range = (0.0, float("inf"))
    source = "medbench"

    def estimates(self, seen: Seen, resampler: Resampler) -> list[Estimate]:
        """One count per group; a count whose evaluator did not run is absent."""
        protected = ~np.asarray(seen.failed, dtype=bool)
        found = {"n_total": len(protected), "n_protected": int(protected.sum())}
        if seen.has("protected.detected"):
            face = np.nan_to_num(np.asarray(seen.column("protected.detected"), dtype=float)) > 0
            found["n_detected"] = int((protected & face).sum())
        if seen.has("protected.identity") and seen.has("original.identity"):
            both = [
                np.isfinite(seen.column(f"{role}.identity")).all(axis=1) for role in ("protected", "original")
            ]
            found["n_scored"] = int((protected & both[0] & both[1]).sum())
        return [
            Estimate(
                metric=self.name,
                group=group,
                value=float(count),
                low=float(count),
                high=float(count),
                n=len(protected),
                unit=self.unit,
                interval="exact",
            )
            for group, count in found.items()
        ]


METRICS: tuple[type[Metric], ...] = (Counts,)
