"""Of the people whom the recogniser knows by their clear photo, how many does protection hide?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from medbench.metrics.identification import rank1
from medbench.metrics.metric import Metric
from medbench.metrics.readings import readings
from medbench.metrics.statistics.clusters import clusters_of
from medbench.metrics.statistics.estimating import mean_estimate

if TYPE_CHECKING:
    from medbench.core import Estimate, Seen
    from medbench.metrics.statistics.resample import Resampler


class ProtectionRate(Metric):
    """Share of images whose person is not the nearest any more once the image is protected.

    Group ``all`` counts the images whose clear version does find the person: nobody is hidden who
    was never found. Group ``unconditional`` counts every image, which is 100 % less rank-1, as ROFI
    reports it. The gallery holds the clear images without the probe's own.
    """

    name = "protection_rate"
    title = "Protection rate"
    task = "privacy"
    needs = ("original.identity", "protected.identity", "truth.subject")
    direction = "higher"
    unit = "share"
    range = (0.0, 1.0)
    source = "ROFI Fig. 5b; the condition on an original match is ours"

    def estimates(self, seen: Seen, resampler: Resampler) -> list[Estimate]:
        """``all`` and ``unconditional``, in each reading."""
        clear, people = seen.column("original.identity"), clusters_of(seen).codes
        before, _ = rank1(clear, clear, people, own=False)
        found = []
        for reading in readings(seen):
            after, chance = rank1(reading.column("protected.identity"), clear, people, own=False)
            hidden = np.where(reading.keep & np.isfinite(after), 1.0 - after, np.nan)
            known = np.where(before == 1, hidden, np.nan)
            for group, values in (("all", known), ("unconditional", hidden)):
                asked = np.isfinite(values)
                found.append(
                    mean_estimate(
                        self,
                        group,
                        values,
                        seen,
                        resampler,
                        reading=reading.name,
                        chance=float(1 - chance[asked].mean()) if asked.any() else None,
                        share=True,
                    )
                )
        return found


METRICS: tuple[type[Metric], ...] = (ProtectionRate,)
