"""How far is the protected (or restored) face from the original, as a recogniser sees it?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from medbench.metrics.metric import Metric
from medbench.metrics.readings import readings, restored
from medbench.metrics.statistics.estimating import mean_estimate

if TYPE_CHECKING:
    from medbench.core import Estimate, Seen
    from medbench.metrics.statistics.resample import Resampler


def distances(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Euclidean distance row by row: (N, F), (N, F) -> (N,), NaN where either was not seen."""
    return np.linalg.norm(np.asarray(left, dtype=float) - right, axis=1)


class IdentityDistance(Metric):
    """ID-Dis: mean Euclidean distance between the embeddings of protected and original face."""

    name = "id_dis"
    title = "ID-Dis"
    task = "privacy"
    needs = ("original.identity", "protected.identity")
    direction = "higher"
    unit = "distance"
    range = (0.0, float("inf"))
    source = "MeMa Table 5: Euclidean distance of identity features"

    def samples(self, seen: Seen) -> dict[str, np.ndarray]:
        """``id_dis`` of each protected image; NaN where failed or where no face was seen."""
        return {
            self.name: distances(
                readings(seen)[0].column("protected.identity"), seen.column("original.identity")
            )
        }

    def estimates(self, seen: Seen, resampler: Resampler) -> list[Estimate]:
        """Mean over the faces seen, in each reading."""
        original = seen.column("original.identity")
        return [
            mean_estimate(
                self,
                "all",
                distances(reading.column("protected.identity"), original),
                seen,
                resampler,
                reading=reading.name,
            )
            for reading in readings(seen)
        ]


class RestoredIdentityDistance(Metric):
    """ID-Dis between the image restored with the right password and the original."""

    name = "id_dis_restored"
    title = "ID-Dis after restore"
    task = "reversibility"
    needs = ("original.identity", "restored.identity")
    direction = "lower"
    unit = "distance"
    range = (0.0, float("inf"))
    source = "MeMa Table 8"

    def samples(self, seen: Seen) -> dict[str, np.ndarray]:
        """``id_dis_restored`` of each restored image."""
        return {self.name: distances(restored(seen, "identity"), seen.column("original.identity"))}

    def estimates(self, seen: Seen, resampler: Resampler) -> list[Estimate]:
        """Mean over the faces seen."""
        return [mean_estimate(self, "all", self.samples(seen)[self.name], seen, resampler)]


METRICS: tuple[type[Metric], ...] = (IdentityDistance, RestoredIdentityDistance)
