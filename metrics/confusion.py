"""What is said of each disease? The confusion matrix of truth by answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from medbench.core import DISEASES
from medbench.metrics.accuracy import truth_codes
from medbench.metrics.agreement import answers
from medbench.metrics.metric import Metric
from medbench.metrics.readings import readings
from medbench.metrics.statistics.estimating import ratio_estimate

if TYPE_CHECKING:
    from medbench.core import Estimate, Seen
    from medbench.metrics.readings import Reading
    from medbench.metrics.statistics.resample import Resampler

#: The answers in the order of their codes: the diseases, then what is said where no face is seen.
ANSWERS = (*DISEASES, "no_answer")


def truth_and_answer(reading: Reading) -> tuple[np.ndarray, np.ndarray]:
    """Codes (N,) of each sample's disease, -1 where it does not count, and of the answer, 8 for none."""
    codes = np.where(reading.keep, truth_codes(reading.seen), -1)
    return codes, answers(reading.column("protected.diagnosis"))


class DiagnosisConfusion(Metric):
    """Share of the images of a disease of which each answer is given; the diagonal is the accuracy.

    A group is ``truth=BCC,told=SCC``. Cells without an image are left out, and are 0.
    """

    name = "diagnosis_confusion"
    title = "Confusion matrix"
    task = "utility"
    needs = ("protected.diagnosis", "original.diagnosis", "truth.disease")
    direction = "higher"
    unit = "share"
    range = (0.0, 1.0)
    source = "ROFI Fig. 3d; rows of the matrix as shares"

    def estimates(self, seen: Seen, resampler: Resampler) -> list[Estimate]:
        """Every cell that holds an image, in each reading."""
        found = []
        for reading in readings(seen):
            codes, told = truth_and_answer(reading)
            filled = np.unique(codes[codes >= 0] * len(ANSWERS) + told[codes >= 0])
            for truth, answer in (divmod(int(cell), len(ANSWERS)) for cell in filled):
                of_class = codes == truth
                found.append(
                    ratio_estimate(
                        self,
                        f"truth={DISEASES[truth]},told={ANSWERS[answer]}",
                        (of_class & (told == answer)).astype(float),
                        of_class.astype(float),
                        seen,
                        resampler,
                        reading=reading.name,
                        share=True,
                    )
                )
        return found


METRICS: tuple[type[Metric], ...] = (DiagnosisConfusion,)
