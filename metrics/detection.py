"""Is the protected image still a face to a detector?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from medbench.metrics.metric import Metric
from medbench.metrics.readings import readings
from medbench.metrics.statistics.estimating import mean_estimate

if TYPE_CHECKING:
    from medbench.core import Estimate, Seen
    from medbench.metrics.statistics.resample import Resampler


class HogDetection(Metric):
    """Share of protected images in which dlib's HOG detector finds a face.

    Group ``original``: the same on the untouched images.
    """

    name = "detection_hog"
    title = "Face found (HOG)"
    task = "utility"
    needs = ("original.detected", "protected.detected")
    direction = "higher"
    unit = "share"
    range = (0.0, 1.0)
    source = "Dalal and Triggs 2005, King 2009 (dlib)"

    def samples(self, seen: Seen) -> dict[str, np.ndarray]:
        """The metric's name -> 1 where a face was found; NaN where failed."""
        return {self.name: readings(seen)[0].column(self.needs[1])}

    def estimates(self, seen: Seen, resampler: Resampler) -> list[Estimate]:
        """``all`` in each reading, and ``original``."""
        found = [
            mean_estimate(self, "all", r.column(self.needs[1]), seen, resampler, reading=r.name, share=True)
            for r in readings(seen)
        ]
        bare = np.asarray(seen.column(self.needs[0]), dtype=float)
        return [*found, mean_estimate(self, "original", bare, seen, resampler, share=True)]


class MtcnnDetection(HogDetection):
    """Share of protected images in which MTCNN finds a face; group ``original``: untouched."""

    name = "detection_mtcnn"
    title = "Face found (MTCNN)"
    needs = ("original.mtcnn_detected", "protected.mtcnn_detected")
    source = "Zhang et al. 2016 (facenet-pytorch)"


METRICS: tuple[type[Metric], ...] = (HogDetection, MtcnnDetection)
