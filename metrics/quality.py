"""How much does the protected image differ from the original as a picture? Neither good nor bad."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from medbench.metrics.metric import Metric
from medbench.metrics.readings import readings
from medbench.metrics.statistics.estimating import mean_estimate

if TYPE_CHECKING:
    from medbench.core import Estimate, Seen
    from medbench.metrics.statistics.resample import Resampler


class ProtectedPsnr(Metric):
    """Mean PSNR of the protected against the original image.

    Reported for the record: change outside the face is bad, change inside it is the purpose.
    An unchanged image has no finite PSNR and is left out; ``n`` says how many count.
    """

    name = "psnr_protected"
    title = "PSNR, protected"
    task = "quality"
    needs = ("protected.psnr",)
    direction = "higher"
    unit = "dB"
    range = (0.0, float("inf"))
    source = "peak signal-to-noise ratio of 8-bit images"

    def samples(self, seen: Seen) -> dict[str, np.ndarray]:
        """The metric's name -> its value for each protected image."""
        values = np.array(seen.column(self.needs[0]), dtype=float)
        return {self.name: np.where(readings(seen)[0].keep, values, np.nan)}

    def estimates(self, seen: Seen, resampler: Resampler) -> list[Estimate]:
        """Mean over the protected images; an original has no difference to itself to report."""
        return [mean_estimate(self, "all", self.samples(seen)[self.name], seen, resampler)]


class ProtectedSsim(ProtectedPsnr):
    """Mean SSIM of the protected against the original image, reported for the record."""

    name = "ssim_protected"
    title = "SSIM, protected"
    needs = ("protected.ssim",)
    unit = "ssim"
    range = (-1.0, 1.0)
    source = "Wang et al. 2004"


METRICS: tuple[type[Metric], ...] = (ProtectedPsnr, ProtectedSsim)
