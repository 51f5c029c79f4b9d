"""How different does the picture look: the protected one, and the restored one?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from medbench.metrics.metric import Metric
from medbench.metrics.readings import readings, restored
from medbench.metrics.statistics.estimating import mean_estimate

if TYPE_CHECKING:
    from medbench.core import Estimate, Seen
    from medbench.metrics.statistics.resample import Resampler


class ProtectedPerceptual(Metric):
    """Mean distance of the protected image from its original in a small network's features.

    Reported for the record, as PSNR is: a protected face shall look like another person.
    """

    name = "perceptual_mini_protected"
    title = "Perceptual distance (mini), protected"
    task = "quality"
    needs = ("protected.perceptual_mini",)
    direction = "lower"
    unit = "distance"
    range = (0.0, 2.0)
    source = "medbench; after Zhang et al. 2018, not calibrated by people"

    def samples(self, seen: Seen) -> dict[str, np.ndarray]:
        """The metric's name -> its value for each protected image."""
        values = np.array(seen.column(self.needs[0]), dtype=float)
        return {self.name: np.where(readings(seen)[0].keep, values, np.nan)}

    def estimates(self, seen: Seen, resampler: Resampler) -> list[Estimate]:
        """Mean over the protected images; an original has no distance to itself to report."""
        return [mean_estimate(self, "all", self.samples(seen)[self.name], seen, resampler)]


class RestoredPerceptual(Metric):
    """Mean distance of the image restored with the right password from its original."""

    name = "perceptual_mini_restored"
    title = "Perceptual distance (mini) after restore"
    task = "reversibility"
    needs = ("restored.perceptual_mini",)
    direction = "lower"
    unit = "distance"
    range = (0.0, 2.0)
    source = "medbench; after Zhang et al. 2018, not calibrated by people"

    def samples(self, seen: Seen) -> dict[str, np.ndarray]:
        """The metric's name -> its value for each restored image."""
        return {self.name: restored(seen, self.needs[0].split(".")[1])}

    def estimates(self, seen: Seen, resampler: Resampler) -> list[Estimate]:
        """Mean over the restored images."""
        return [mean_estimate(self, "all", self.samples(seen)[self.name], seen, resampler)]


class ProtectedLpips(ProtectedPerceptual):
    """Mean LPIPS v0.1 of the protected image; the result names the evaluator, and so the backbone."""

    name = "lpips_protected"
    title = "LPIPS, protected"
    needs = ("protected.lpips",)
    unit = "lpips"
    range = (0.0, float("inf"))
    source = "Zhang et al. 2018"


class RestoredLpips(RestoredPerceptual):
    """Mean LPIPS v0.1 of the image restored with the right password."""

    name = "lpips_restored"
    title = "LPIPS after restore"
    needs = ("restored.lpips",)
    unit = "lpips"
    range = (0.0, float("inf"))
    source = "Zhang et al. 2018; MeMa Table 8"


METRICS: tuple[type[Metric], ...] = (ProtectedPerceptual, RestoredPerceptual, ProtectedLpips, RestoredLpips)
