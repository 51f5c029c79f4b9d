"""Does protection draw a disease where there was none, or wipe one away?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from medbench.core import DISEASES
from medbench.metrics.accuracy import truth_codes
from medbench.metrics.agreement import answers
from medbench.metrics.confusion import truth_and_answer
from medbench.metrics.metric import Metric
from medbench.metrics.readings import readings
from medbench.metrics.statistics.estimating import mean_estimate

if TYPE_CHECKING:
    from medbench.core import Estimate, Seen
    from medbench.metrics.readings import Reading
    from medbench.metrics.statistics.resample import Resampler

_NORMAL = DISEASES.index("Normal")


class HallucinatedDisease(Metric):
    """Share of healthy images in which the network names a disease after protection.

    Group ``all`` counts the images that are Normal and in whose original the network says so, so
    that the network's own mistakes do not count; ``told=…`` says which disease; ``healthy`` counts
    every Normal image, and ``untouched`` how many of them the network takes for sick by itself.
    """

    name = "hallucinated_disease"
    title = "Hallucinated disease"
    task = "utility"
    needs = ("original.diagnosis", "protected.diagnosis", "truth.disease")
    direction = "lower"
    unit = "share"
    range = (0.0, 1.0)
    source = "medbench"

    def estimates(self, seen: Seen, resampler: Resampler) -> list[Estimate]:
        """``all``, ``healthy`` and each disease named, in each reading, and ``untouched``."""
        before = answers(seen.column("original.diagnosis"))
        found = []
        for reading in readings(seen):
            codes, told = truth_and_answer(reading)
            healthy = codes == _NORMAL
            clean = healthy & (before == _NORMAL)
            asked = {"all": (clean, _sick(told)), "healthy": (healthy, _sick(told))}
            for code in np.unique(told[clean & _sick(told)]):
                asked[f"told={DISEASES[code]}"] = (clean, told == code)
            found += [_share(self, group, *asked[group], reading, resampler) for group in asked]
        healthy = truth_codes(seen) == _NORMAL
        return [*found, _share(self, "untouched", healthy, _sick(before), readings(seen)[0], resampler)]


class ErasedDisease(Metric):
    """Share of sick images in which the network says Normal after protection.

    Group ``all`` counts the images whose disease the network names in the original; ``class=…``
    one disease of them.
    """

    name = "erased_disease"
    title = "Erased disease"
    task = "utility"
    needs = ("original.diagnosis", "protected.diagnosis", "truth.disease")
    direction = "lower"
    unit = "share"
    range = (0.0, 1.0)
    source = "medbench"

    def estimates(self, seen: Seen, resampler: Resampler) -> list[Estimate]:
        """``all`` and every disease, in each reading."""
        before = answers(seen.column("original.diagnosis"))
        found = []
        for reading in readings(seen):
            codes, told = truth_and_answer(reading)
            known = (codes >= 0) & (codes != _NORMAL) & (before == codes)
            groups = {"all": known} | {
                f"class={DISEASES[c]}": known & (codes == c) for c in np.unique(codes[known])
            }
            found += [
                _share(self, name, of, told == _NORMAL, reading, resampler) for name, of in groups.items()
            ]
        return found


def _sick(told: np.ndarray) -> np.ndarray:
    return (told != _NORMAL) & (told < len(DISEASES))


def _share(
    metric: Metric, group: str, of: np.ndarray, hit: np.ndarray, reading: Reading, resampler: Resampler
) -> Estimate:
    values = np.where(of, hit.astype(float), np.nan)
    return mean_estimate(metric, group, values, reading.seen, resampler, reading=reading.name, share=True)


METRICS: tuple[type[Metric], ...] = (HallucinatedDisease, ErasedDisease)
