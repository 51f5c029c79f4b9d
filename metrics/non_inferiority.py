"""Is the diagnosis after protection at most a declared margin worse than before?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from medbench.core import DISEASES, Estimate
from medbench.metrics.accuracy import correct, macro, truth_codes
from medbench.metrics.metric import Metric
from medbench.metrics.readings import readings
from medbench.metrics.statistics.clusters import clusters_of
from medbench.metrics.statistics.estimating import settle
from medbench.metrics.statistics.tables import table_draws

if TYPE_CHECKING:
    from medbench.core import Seen
    from medbench.metrics.readings import Reading
    from medbench.metrics.statistics.resample import Resampler


class DiagnosisNonInferiority(Metric):
    """Accuracy (mean of the classes) after protection less before, and whether a margin is kept.

    Group ``all`` is the difference on the same images, both resampled together. Group ``margin``
    is its interval's lower end plus the margin that the suite's card declared beforehand: above 0
    protection is not inferior, at a one-sided level of 2.5 %; at or below 0 that is not shown,
    which is not the same as inferior.
    """

    name = "diagnosis_non_inferiority"
    title = "Diagnosis lost, against the margin"
    task = "utility"
    needs = (
        "protected.diagnosis",
        "original.diagnosis",
        "truth.disease",
        "calibration.margin_diagnosis",
    )
    direction = "higher"
    unit = "share"
    range = (-1.0, 2.0)
    source = "CONSORT's extension for non-inferiority, Piaggio et al. 2012"

    def estimates(self, seen: Seen, resampler: Resampler) -> list[Estimate]:
        """The difference and what is left of the margin, in each reading."""
        margin = seen.calibration["margin_diagnosis"]
        found = []
        for reading in readings(seen):
            lost = self._difference(reading, resampler)
            left = lost.low + margin
            spare = Estimate(
                metric=self.name,
                group="margin",
                value=left,
                low=left,
                high=left,
                n=lost.n,
                unit=self.unit,
                interval=f"lower end + {margin:g}",
                reading=reading.name,
            )
            found += [lost, spare] if np.isfinite(left) else [lost]
        return found

    def _difference(self, reading: Reading, resampler: Resampler) -> Estimate:
        seen = reading.seen
        codes = truth_codes(seen)
        after = correct(reading.column("protected.diagnosis"), codes, reading.keep)
        before = correct(seen.column("original.diagnosis"), codes, reading.keep)
        scored = np.isfinite(after)
        clusters = clusters_of(seen).take(scored)
        cells = codes[scored] * 4 + after[scored].astype(int) * 2 + before[scored].astype(int)
        table, draws = table_draws(cells, len(DISEASES) * 4, clusters, resampler)
        both = np.vstack([table, draws]).reshape(-1, len(DISEASES), 2, 2)
        apart = macro(both.sum(axis=3)) - macro(both.sum(axis=2))
        return settle(
            self,
            "all",
            float(apart[0]),
            apart[1:],
            n=int(scored.sum()),
            clusters=clusters,
            reading=reading.name,
        )


METRICS: tuple[type[Metric], ...] = (DiagnosisNonInferiority,)
