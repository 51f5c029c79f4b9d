"""Which diseases are missed, and which are named where they are not?"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from medbench.core import DISEASES
from medbench.metrics.confusion import ANSWERS, truth_and_answer
from medbench.metrics.metric import Metric
from medbench.metrics.readings import readings
from medbench.metrics.statistics.clusters import clusters_of
from medbench.metrics.statistics.estimating import ratio_estimate, settle
from medbench.metrics.statistics.ratio_of_sums import divide
from medbench.metrics.statistics.tables import table_draws

if TYPE_CHECKING:
    from medbench.core import Estimate, Seen
    from medbench.metrics.readings import Reading
    from medbench.metrics.statistics.resample import Resampler

_NORMAL = DISEASES.index("Normal")
#: rate -> what is given (truth or answer), and whether it is a yes; the other must agree with it.
_RATES = {
    "sensitivity": ("truth", True),
    "specificity": ("truth", False),
    "ppv": ("answer", True),
    "npv": ("answer", False),
}


def rates(confusion: np.ndarray, rate: str) -> np.ndarray:
    """One rate of every class against the rest, from counts (..., 8, 9) of truth by answer: (..., 8).

    The ninth answer (nothing seen) names no class: a miss of its own, a right "no" to the others.
    """
    both = np.diagonal(confusion, axis1=-2, axis2=-1)
    truth, answer = confusion.sum(axis=-1), confusion.sum(axis=-2)[..., : len(DISEASES)]
    given, yes = _RATES[rate]
    of = truth if given == "truth" else answer
    if yes:
        return divide(both, of)
    total = confusion.sum(axis=(-2, -1))[..., None]
    return divide(total - truth - answer + both, total - of)


class DiagnosisSensitivity(Metric):
    """Share of a disease's images that are called by its name.

    Groups: ``class=…`` against the rest; ``any_disease``: sick (any disease) against Normal, as
    ROFI's health screening has it; ``all``: the mean of the classes that have the rate.
    """

    name = "diagnosis_sensitivity"
    title = "Sensitivity"
    task = "utility"
    needs = ("protected.diagnosis", "original.diagnosis", "truth.disease")
    direction = "higher"
    unit = "share"
    range = (0.0, 1.0)
    source = "ROFI Fig. 3b; Altman and Bland 1994"
    rate: ClassVar[str] = "sensitivity"

    def estimates(self, seen: Seen, resampler: Resampler) -> list[Estimate]:
        """``all``, ``any_disease`` and every class, in each reading."""
        return [one for reading in readings(seen) for one in self._of(reading, resampler)]

    def _of(self, reading: Reading, resampler: Resampler) -> list[Estimate]:
        codes, told = truth_and_answer(reading)
        asked = codes >= 0
        clusters = clusters_of(reading.seen).take(asked)
        cells = codes[asked] * len(ANSWERS) + told[asked]
        table, draws = table_draws(cells, len(DISEASES) * len(ANSWERS), clusters, resampler)
        every = rates(np.vstack([table, draws]).reshape(-1, len(DISEASES), len(ANSWERS)), self.rate)
        known = np.isfinite(every)
        mean = divide(np.where(known, every, 0.0).sum(axis=1), known.sum(axis=1).astype(float))
        whole = settle(
            self,
            "all",
            float(mean[0]),
            mean[1:],
            n=int(asked.sum()),
            clusters=clusters,
            reading=reading.name,
            share=True,
        )
        sick_told = (told != _NORMAL) & (told < len(DISEASES))
        found = [whole, self._binary("any_disease", codes != _NORMAL, sick_told, asked, reading, resampler)]
        for code in np.unique(codes[asked]):
            group = f"class={DISEASES[code]}"
            found.append(self._binary(group, codes == code, told == code, asked, reading, resampler))
        return found

    def _binary(
        self,
        group: str,
        truth: np.ndarray,
        answer: np.ndarray,
        asked: np.ndarray,
        reading: Reading,
        resampler: Resampler,
    ) -> Estimate:
        given, yes = _RATES[self.rate]
        known, other = (truth, answer) if given == "truth" else (answer, truth)
        of = asked & (known == yes)
        return ratio_estimate(
            self,
            group,
            (of & (other == yes)).astype(float),
            of.astype(float),
            reading.seen,
            resampler,
            reading=reading.name,
            share=True,
        )


class DiagnosisSpecificity(DiagnosisSensitivity):
    """Share of the images without a disease that are not called by its name."""

    name = "diagnosis_specificity"
    title = "Specificity"
    rate = "specificity"


class DiagnosisPpv(DiagnosisSensitivity):
    """Share of the images called by a disease's name that have it: the positive predictive value."""

    name = "diagnosis_ppv"
    title = "Positive predictive value"
    source = "Altman and Bland 1994; at the suite's shares of the diseases"
    rate = "ppv"


class DiagnosisNpv(DiagnosisSensitivity):
    """Share of the images not called by a disease's name that do not have it: the negative value."""

    name = "diagnosis_npv"
    title = "Negative predictive value"
    source = "Altman and Bland 1994; at the suite's shares of the diseases"
    rate = "npv"


METRICS: tuple[type[Metric], ...] = (
    DiagnosisSensitivity,
    DiagnosisSpecificity,
    DiagnosisPpv,
    DiagnosisNpv,
)
