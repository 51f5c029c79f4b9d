"""How well do answers and diseases go together, whatever the diseases' shares?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from medbench.core import DISEASES
from medbench.metrics.confusion import ANSWERS, truth_and_answer
from medbench.metrics.metric import Metric
from medbench.metrics.readings import readings
from medbench.metrics.statistics.agreement import one_against_rest
from medbench.metrics.statistics.clusters import clusters_of
from medbench.metrics.statistics.estimating import settle
from medbench.metrics.statistics.matthews import matthews
from medbench.metrics.statistics.tables import table_draws

if TYPE_CHECKING:
    from medbench.core import Estimate, Seen
    from medbench.metrics.statistics.resample import Resampler

_ANSWERS = len(ANSWERS)


class DiagnosisMcc(Metric):
    """Matthews' correlation of the truth with the diagnosis of the protected image.

    ``all``: all classes at once, "no answer" being one more; ``class=…``: against the rest.
    """

    name = "diagnosis_mcc"
    title = "Matthews correlation"
    task = "utility"
    needs = ("protected.diagnosis", "original.diagnosis", "truth.disease")
    direction = "higher"
    unit = "mcc"
    range = (-1.0, 1.0)
    source = "ROFI supplementary Table 6; Matthews 1975, Gorodkin 2004"

    def estimates(self, seen: Seen, resampler: Resampler) -> list[Estimate]:
        """``all`` and every class, in each reading."""
        found = []
        for reading in readings(seen):
            codes, told = truth_and_answer(reading)
            asked = codes >= 0
            clusters = clusters_of(seen).take(asked)
            table, draws = table_draws(
                codes[asked] * _ANSWERS + told[asked], _ANSWERS**2, clusters, resampler
            )
            confusion = np.vstack([table, draws]).reshape(-1, _ANSWERS, _ANSWERS)
            present = np.unique(codes[asked])
            folded = {f"class={DISEASES[code]}": one_against_rest(confusion, code) for code in present}
            for group, matrices in {"all": confusion, **folded}.items():
                values = matthews(matrices)
                found.append(
                    settle(
                        self,
                        group,
                        float(values[0]),
                        values[1:],
                        n=int(asked.sum()),
                        clusters=clusters,
                        reading=reading.name,
                        chance=0.0,
                    )
                )
        return found


METRICS: tuple[type[Metric], ...] = (DiagnosisMcc,)
