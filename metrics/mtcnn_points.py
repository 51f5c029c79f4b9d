"""How far do MTCNN's five points move?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from medbench.metrics.metric import Metric
from medbench.metrics.readings import readings
from medbench.metrics.statistics.estimating import mean_estimate

if TYPE_CHECKING:
    from medbench.core import Estimate, Seen
    from medbench.metrics.statistics.resample import Resampler


class MtcnnSquaredError(Metric):
    """Mean squared error of the coordinates of MTCNN's five points, protected against original, px².

    Eyes, nose and mouth corners; the mean is over points and over x and y, then over the images in
    which MTCNN sees a face both times: read it beside ``detection_mtcnn``.
    """

    name = "landmark_mse_mtcnn"
    title = "MTCNN landmark error, squared"
    task = "utility"
    needs = ("original.mtcnn_points", "protected.mtcnn_points")
    direction = "lower"
    unit = "px²"
    range = (0.0, float("inf"))
    source = "ROFI supplementary Table 7 (unit and image size are not given there)"

    def estimates(self, seen: Seen, resampler: Resampler) -> list[Estimate]:
        """``all``, in each reading."""
        original = np.asarray(seen.column("original.mtcnn_points"), dtype=float)
        return [
            mean_estimate(
                self,
                "all",
                ((reading.column("protected.mtcnn_points") - original) ** 2).mean(axis=(1, 2)),
                seen,
                resampler,
                reading=reading.name,
            )
            for reading in readings(seen)
        ]


METRICS: tuple[type[Metric], ...] = (MtcnnSquaredError,)
