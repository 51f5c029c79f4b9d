"""Do the lids and the iris keep their shape and place, measured in widths of the eye?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from medbench.metrics.landmarks import shifts
from medbench.metrics.metric import Metric
from medbench.metrics.readings import readings
from medbench.metrics.statistics.estimating import mean_estimate

if TYPE_CHECKING:
    from medbench.core import Estimate, Seen
    from medbench.metrics.statistics.resample import Resampler

#: iBUG's points of each eye, the patient's right one first; the corners are the first and the fourth.
EYES = (slice(36, 42), slice(42, 48))
_CORNERS = ((36, 39), (42, 45))


def eye_widths(points: np.ndarray) -> np.ndarray:
    """Distance of the corners of each eye, pixels: landmarks (N, 68, 2) -> (N, 2)."""
    return np.stack([np.linalg.norm(points[:, a] - points[:, b], axis=1) for a, b in _CORNERS], axis=1)


class EyelidError(Metric):
    """Mean distance between the eyelid points of protected and original image, over the eye's width.

    Points 36–47, each eye in widths of its own (corner to corner, original image).
    """

    name = "eyelid_error"
    title = "Eyelid keypoint error"
    task = "utility"
    needs = ("original.landmarks", "protected.landmarks")
    direction = "lower"
    unit = "eye widths"
    range = (0.0, float("inf"))
    source = "ROFI Fig. 2b (normaliser open); dlib's 12 eyelid points over the eye's width"

    def estimates(self, seen: Seen, resampler: Resampler) -> list[Estimate]:
        """Both eyes, in each reading."""
        original = np.asarray(seen.column("original.landmarks"), dtype=float)
        widths = eye_widths(original)
        found = []
        for reading in readings(seen):
            moved = shifts(reading.column("protected.landmarks"), original)
            each = np.stack([moved[:, eye].mean(axis=1) for eye in EYES], axis=1) / widths
            found.append(mean_estimate(self, "all", each.mean(axis=1), seen, resampler, reading=reading.name))
        return found


class IrisError(Metric):
    """Mean distance between the iris centres of protected and original image, over the eye's width."""

    name = "iris_error"
    title = "Iris keypoint error"
    task = "utility"
    needs = ("original.iris", "protected.iris", "original.landmarks")
    direction = "lower"
    unit = "eye widths"
    range = (0.0, float("inf"))
    source = "ROFI Fig. 2b (normaliser open); iris centres over the eye's width"

    def estimates(self, seen: Seen, resampler: Resampler) -> list[Estimate]:
        """Both eyes, in each reading."""
        widths = eye_widths(np.asarray(seen.column("original.landmarks"), dtype=float))
        found = []
        for reading in readings(seen):
            moved = shifts(reading.column("protected.iris"), seen.column("original.iris")) / widths
            found.append(
                mean_estimate(self, "all", moved.mean(axis=1), seen, resampler, reading=reading.name)
            )
        return found


METRICS: tuple[type[Metric], ...] = (EyelidError, IrisError)
