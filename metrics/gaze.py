"""Does the person still look the same way?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from medbench.metrics.metric import Metric
from medbench.metrics.readings import readings
from medbench.metrics.statistics.estimating import mean_estimate

if TYPE_CHECKING:
    from medbench.core import Estimate, Seen
    from medbench.metrics.statistics.resample import Resampler


def turns(left: np.ndarray, right: np.ndarray) -> dict[str, np.ndarray]:
    """Differences in degrees of gazes (N, 2) given as pitch and yaw in degrees.

    Returns:
        ``pitch`` and ``yaw``: absolute differences (N,); yaw is taken the short way round.
        ``all``: the angle between the two directions of gaze (N,).
    """
    apart = np.abs((np.asarray(left, dtype=float) - right + 180) % 360 - 180)
    cosine = np.clip((direction(left) * direction(right)).sum(axis=1), -1, 1)
    return {"all": np.degrees(np.arccos(cosine)), "pitch": apart[:, 0], "yaw": apart[:, 1]}


def direction(gaze: np.ndarray) -> np.ndarray:
    """Unit vectors (N, 3) of pitch and yaw in degrees (N, 2)."""
    pitch, yaw = np.radians(np.asarray(gaze, dtype=float)).T
    return np.stack([np.cos(pitch) * np.sin(yaw), np.sin(pitch), np.cos(pitch) * np.cos(yaw)], axis=1)


class GazeError(Metric):
    """Mean difference in gaze between the protected and the original image, degrees."""

    name = "gaze_error"
    title = "Gaze error"
    task = "utility"
    needs = ("original.gaze", "protected.gaze")
    direction = "lower"
    unit = "degrees"
    range = (0.0, 180.0)
    source = "MeMa Table 7 (pitch, yaw); all is the angle between the directions"

    def samples(self, seen: Seen) -> dict[str, np.ndarray]:
        """``gaze_error_all``, ``gaze_error_pitch`` and ``gaze_error_yaw``."""
        found = turns(readings(seen)[0].column("protected.gaze"), seen.column("original.gaze"))
        return {f"{self.name}_{part}": values for part, values in found.items()}

    def estimates(self, seen: Seen, resampler: Resampler) -> list[Estimate]:
        """``all``, ``pitch`` and ``yaw``, in each reading."""
        original = seen.column("original.gaze")
        return [
            mean_estimate(self, part, values, seen, resampler, reading=reading.name)
            for reading in readings(seen)
            for part, values in turns(reading.column("protected.gaze"), original).items()
        ]


METRICS: tuple[type[Metric], ...] = (GazeError,)
