"""Does a reader say the same of the protected image as of the original?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from medbench.core import DISEASES
from medbench.metrics.metric import Metric
from medbench.metrics.readings import readings
from medbench.metrics.statistics.agreement import kappa, one_against_rest
from medbench.metrics.statistics.clusters import clusters_of
from medbench.metrics.statistics.estimating import settle
from medbench.metrics.statistics.tables import table_draws

if TYPE_CHECKING:
    from medbench.core import Estimate, Seen
    from medbench.metrics.statistics.resample import Resampler

#: The answer of a reader that sees no face: a class of its own, so that it disagrees.
_NO_ANSWER = len(DISEASES)
_ANSWERS = len(DISEASES) + 1


def answers(probabilities: np.ndarray) -> np.ndarray:
    """Most probable class (N,) of (N, 8); a ninth answer where nothing was seen."""
    told = np.argmax(np.nan_to_num(probabilities), axis=1)
    return np.where(np.isfinite(probabilities).all(axis=1), told, _NO_ANSWER)


class DiagnosisKappa(Metric):
    """Cohen's kappa between the network's diagnoses of the original and of the protected image.

    The reader is a network, not a physician: compare methods with it, not with the papers'
    clinical kappas. Groups ``class=...`` are that class against the rest, as in MeMa's Table 4.
    """

    name = "diagnosis_kappa"
    title = "Diagnosis kappa"
    task = "utility"
    needs = ("original.diagnosis", "protected.diagnosis")
    direction = "higher"
    unit = "kappa"
    range = (-1.0, 1.0)
    source = "Cohen 1960; MeMa Table 4 with a network as reader"

    def estimates(self, seen: Seen, resampler: Resampler) -> list[Estimate]:
        """``all`` classes at once, and every class against the rest, in each reading."""
        first = answers(seen.column("original.diagnosis"))
        asked = first != _NO_ANSWER
        found = []
        for reading in readings(seen):
            keep = asked & reading.keep
            cells = first * _ANSWERS + answers(reading.column("protected.diagnosis"))
            clusters = clusters_of(seen).take(keep)
            table, draws = table_draws(cells[keep], _ANSWERS**2, clusters, resampler)
            confusion = np.vstack([table, draws]).reshape(-1, _ANSWERS, _ANSWERS)
            folded = {f"class={name}": one_against_rest(confusion, k) for k, name in enumerate(DISEASES)}
            for group, matrices in {"all": confusion, **folded}.items():
                values = kappa(matrices)
                found.append(
                    settle(
                        self,
                        group,
                        float(values[0]),
                        values[1:],
                        n=int(keep.sum()),
                        clusters=clusters,
                        reading=reading.name,
                        chance=0.0,
                    )
                )
        return found


METRICS: tuple[type[Metric], ...] = (DiagnosisKappa,)
