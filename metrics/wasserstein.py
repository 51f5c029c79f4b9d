"""Are the diseases, ages, sexes and ethnicities of the set still spread as they were?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from medbench.metrics.metric import Metric
from medbench.metrics.set_distance import set_distance
from medbench.metrics.statistics.wasserstein import category_distance, line_distance

if TYPE_CHECKING:
    import numpy as np

    from medbench.core import Estimate, Seen
    from medbench.metrics.statistics.resample import Resampler

#: Years that count as a distance of 1.
YEARS = 100.0


class WassersteinDisease(Metric):
    """Distance between the distributions of the diseases seen in originals and in protected images.

    Categories are 1 apart, so this is their total variation distance; an image is of the class
    that its evaluator finds most probable.
    """

    name = "wasserstein_disease"
    title = "Wasserstein distance, disease"
    task = "quality"
    needs = ("original.diagnosis", "protected.diagnosis")
    direction = "lower"
    unit = "distance"
    range = (0.0, 1.0)
    source = "MeMa Table 2; ground metric ours: any two categories are 1 apart"

    def estimates(self, seen: Seen, resampler: Resampler) -> list[Estimate]:
        """``all``: the images that were protected."""
        return set_distance(self, _categories, seen, resampler)


class WassersteinSex(WassersteinDisease):
    """Distance between the shares of the sexes that an evaluator sees before and after."""

    name = "wasserstein_sex"
    title = "Wasserstein distance, sex"
    needs = ("original.sex", "protected.sex")


class WassersteinEthnicity(WassersteinDisease):
    """Distance between the shares of the ethnicities that an evaluator sees before and after."""

    name = "wasserstein_ethnicity"
    title = "Wasserstein distance, ethnicity"
    needs = ("original.ethnicity", "protected.ethnicity")


class WassersteinAge(Metric):
    """Distance between the distributions of the ages that an evaluator sees; a century is 1."""

    name = "wasserstein_age"
    title = "Wasserstein distance, age"
    task = "quality"
    needs = ("original.age", "protected.age")
    direction = "lower"
    unit = "distance"
    range = (0.0, float("inf"))
    source = "MeMa Table 2; years over 100, as the size of its figures suggests"

    def estimates(self, seen: Seen, resampler: Resampler) -> list[Estimate]:
        """``all``: the images that were protected."""
        return set_distance(self, _ages, seen, resampler)


def _categories(left: np.ndarray, right: np.ndarray) -> float:
    return category_distance(left.argmax(axis=1), right.argmax(axis=1))


def _ages(left: np.ndarray, right: np.ndarray) -> float:
    return line_distance(left.ravel() / YEARS, right.ravel() / YEARS)


METRICS: tuple[type[Metric], ...] = (WassersteinDisease, WassersteinAge, WassersteinSex, WassersteinEthnicity)
