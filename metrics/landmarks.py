"""How far do the landmarks move: eyes, brows, nose, mouth, jaw?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from medbench.metrics.metric import Metric
from medbench.metrics.readings import readings
from medbench.metrics.statistics.estimating import mean_estimate

if TYPE_CHECKING:
    from medbench.core import Estimate, Seen
    from medbench.metrics.statistics.resample import Resampler

#: The 68 points of iBUG, by region.
REGIONS = {
    "all": slice(0, 68),
    "eye": slice(36, 48),
    "brow": slice(17, 27),
    "nose": slice(27, 36),
    "mouth": slice(48, 68),
    "jaw": slice(0, 17),
}
_PAPER = ("eye", "mouth", "nose")


def shifts(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Distance of each point in pixels: (N, 68, 2), (N, 68, 2) -> (N, 68)."""
    return np.linalg.norm(np.asarray(left, dtype=float) - right, axis=2)


def interocular(points: np.ndarray) -> np.ndarray:
    """Distance of the outer eye corners (points 36 and 45), pixels: (N, 68, 2) -> (N,)."""
    return np.linalg.norm(points[:, 36] - points[:, 45], axis=1)


class LandmarkError(Metric):
    """Mean distance between the landmarks of the protected and of the original image, pixels."""

    name = "landmark_error"
    title = "Landmark error"
    task = "utility"
    needs = ("original.landmarks", "protected.landmarks")
    direction = "lower"
    unit = "px"
    range = (0.0, float("inf"))
    source = "MeMa Table 7 as its text has it: mean pixel distance; regions of iBUG's 68 points"

    def samples(self, seen: Seen) -> dict[str, np.ndarray]:
        """One value per region."""
        moved = self._moved(seen, readings(seen)[0].column("protected.landmarks"))
        return {f"{self.name}_{name}": moved[:, part].mean(axis=1) for name, part in REGIONS.items()}

    def estimates(self, seen: Seen, resampler: Resampler) -> list[Estimate]:
        """Every region, in each reading; ``all`` is the mean of the 68 points."""
        found = []
        for reading in readings(seen):
            moved = self._moved(seen, reading.column("protected.landmarks"))
            for name, part in REGIONS.items():
                values = moved[:, part].mean(axis=1)
                found.append(mean_estimate(self, name, values, seen, resampler, reading=reading.name))
        return found

    def _moved(self, seen: Seen, points: np.ndarray) -> np.ndarray:
        return shifts(points, seen.column("original.landmarks"))


class NormalisedLandmarkError(LandmarkError):
    """Landmark error over the outer-eye-corner distance of the original: no image size in it."""

    name = "landmark_error_interocular"
    title = "Landmark error / inter-ocular"
    unit = "inter-ocular"
    source = "300-W: error over the distance of the outer eye corners"

    def _moved(self, seen: Seen, points: np.ndarray) -> np.ndarray:
        original = seen.column("original.landmarks")
        return shifts(points, original) / interocular(original)[:, None]


class PaperLandmarkError(Metric):
    """Mean squared distance per region; ``all`` is their sum over eye, mouth and nose."""

    name = "landmark_error_paper"
    title = "Landmark error, paper's convention"
    task = "utility"
    needs = ("original.landmarks", "protected.landmarks")
    direction = "lower"
    unit = "px²"
    range = (0.0, float("inf"))
    source = "MeMa Table 7 as its figures have it (paper/inconsistencies A8)"

    def estimates(self, seen: Seen, resampler: Resampler) -> list[Estimate]:
        """``all``, eye, mouth and nose, in each reading."""
        original = seen.column("original.landmarks")
        found = []
        for reading in readings(seen):
            squares = shifts(reading.column("protected.landmarks"), original) ** 2
            means = {name: squares[:, REGIONS[name]].mean(axis=1) for name in _PAPER}
            for name, values in {"all": sum(means.values()), **means}.items():
                found.append(
                    mean_estimate(self, name, np.asarray(values), seen, resampler, reading=reading.name)
                )
        return found


METRICS: tuple[type[Metric], ...] = (LandmarkError, NormalisedLandmarkError, PaperLandmarkError)
