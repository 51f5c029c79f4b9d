"""How well do the diagnosis network's probabilities still rank each disease against the rest?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from medbench.core import DISEASES
from medbench.metrics.accuracy import truth_codes
from medbench.metrics.metric import Metric
from medbench.metrics.readings import readings
from medbench.metrics.statistics.auroc import auroc_draws
from medbench.metrics.statistics.clusters import clusters_of
from medbench.metrics.statistics.estimating import settle
from medbench.metrics.statistics.ready import auroc_interval

if TYPE_CHECKING:
    from medbench.core import Estimate, Seen
    from medbench.metrics.readings import Reading
    from medbench.metrics.statistics.resample import Resampler


class DiagnosisAuroc(Metric):
    """AUROC of each disease against the rest; ``all`` is the mean of the diseases present.

    Needs no threshold, so it still sees a sign that a shifted classifier no longer names. Images
    in which the network sees nothing have no score and are left out; ``n`` says so.
    """

    name = "diagnosis_auroc"
    title = "Diagnosis AUROC"
    task = "utility"
    needs = ("protected.diagnosis", "original.diagnosis", "truth.disease")
    direction = "higher"
    unit = "share"
    range = (0.0, 1.0)
    source = "Hanley and McNeil 1982; one against the rest"

    def estimates(self, seen: Seen, resampler: Resampler) -> list[Estimate]:
        """``all`` and every class, in each reading."""
        return [one for reading in readings(seen) for one in self._of(reading, resampler)]

    def _of(self, reading: Reading, resampler: Resampler) -> list[Estimate]:
        codes, told = truth_codes(reading.seen), reading.column("protected.diagnosis")
        keep = reading.keep & (codes >= 0) & np.isfinite(told).all(axis=1)
        codes, told, clusters = codes[keep], told[keep], clusters_of(reading.seen).take(keep)
        areas = {
            f"class={DISEASES[code]}": auroc_draws(told[:, code], codes == code, clusters, resampler)
            for code in np.unique(codes)
        }
        ready = {
            f"class={DISEASES[code]}": auroc_interval(told[:, code], codes == code, clusters)
            for code in np.unique(codes)
        }
        mean = np.mean(list(areas.values()), axis=0) if areas else np.full(resampler.draws + 1, np.nan)
        return [
            settle(
                self,
                group,
                float(rows[0]),
                rows[1:],
                n=int(keep.sum()),
                clusters=clusters,
                reading=reading.name,
                chance=0.5,
                ready=ready.get(group),
            )
            for group, rows in {"all": mean, **areas}.items()
        ]


METRICS: tuple[type[Metric], ...] = (DiagnosisAuroc,)
