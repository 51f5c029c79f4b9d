"""The same AUROC with DeLong's interval, which draws nothing: does it agree with the bootstrap's?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from medbench.core import DISEASES, Estimate
from medbench.metrics.accuracy import truth_codes
from medbench.metrics.metric import Metric
from medbench.metrics.readings import readings
from medbench.metrics.statistics.clusters import clusters_of
from medbench.metrics.statistics.delong import delong, wald

if TYPE_CHECKING:
    from medbench.core import Seen
    from medbench.metrics.readings import Reading
    from medbench.metrics.statistics.resample import Resampler


class DiagnosisAurocDelong(Metric):
    """AUROC of each disease against the rest with DeLong's interval, Obuchowski's where subjects repeat.

    The value is that of ``diagnosis_auroc``; the interval is symmetric and cut off at 1, as ROFI's are.
    """

    name = "diagnosis_auroc_delong"
    title = "Diagnosis AUROC, DeLong"
    task = "utility"
    needs = ("protected.diagnosis", "original.diagnosis", "truth.disease")
    direction = "higher"
    unit = "share"
    range = (0.0, 1.0)
    source = "DeLong et al. 1988; Obuchowski 1997 for several images of a subject"

    def estimates(self, seen: Seen, resampler: Resampler) -> list[Estimate]:
        """Every class, in each reading; the resampler is not needed."""
        return [one for reading in readings(seen) for one in self._of(reading)]

    def _of(self, reading: Reading) -> list[Estimate]:
        codes, told = truth_codes(reading.seen), reading.column("protected.diagnosis")
        keep = reading.keep & (codes >= 0) & np.isfinite(told).all(axis=1)
        codes, told, clusters = codes[keep], told[keep], clusters_of(reading.seen).take(keep)
        found = []
        for code in np.unique(codes):
            area, covariance = delong(told[None, :, code], codes == code, clusters.codes)
            variance = float(covariance[0, 0])
            if not np.isfinite(variance):
                continue
            low, high = wald(float(area[0]), variance)
            found.append(
                Estimate(
                    metric=self.name,
                    group=f"class={DISEASES[code]}",
                    value=float(area[0]),
                    low=low,
                    high=high,
                    n=int(keep.sum()),
                    unit=self.unit,
                    interval=f"delong/{clusters.unit}",
                    reading=reading.name,
                    chance=0.5,
                    degenerate=high - low < 1e-12,
                )
            )
        return found


METRICS: tuple[type[Metric], ...] = (DiagnosisAurocDelong,)
