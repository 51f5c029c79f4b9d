"""Would a face matcher, its threshold frozen beforehand, still say: the same person?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from medbench.metrics.identity import distances
from medbench.metrics.metric import Metric
from medbench.metrics.pairs import pairs_of, threshold_at
from medbench.metrics.readings import readings, restored
from medbench.metrics.statistics.clusters import clusters_of
from medbench.metrics.statistics.estimating import mean_estimate, ratio_estimate

if TYPE_CHECKING:
    from medbench.core import Estimate, Seen
    from medbench.metrics.readings import Reading
    from medbench.metrics.statistics.resample import Resampler

#: False match rate between strangers at which the threshold is frozen.
FALSE_MATCH_RATE = 1e-3
_NEEDS = ("original.identity", "calibration.identity_threshold")


def matched(probe: np.ndarray, original: np.ndarray, threshold: float) -> np.ndarray:
    """1 where the distance is within the threshold, 0 where not or unseen; NaN: original unseen. (N,)."""
    hit = (distances(probe, original) <= threshold).astype(float)
    return np.where(np.isfinite(original).all(axis=1), hit, np.nan)


class FaceMatchingRate(Metric):
    """Share of protected faces that match their own original at FMR 1e-3; unseen faces do not match.

    Group ``all``: the probe against the clear image it was made from. Group ``other_images``:
    against each other clear image of the person, which is what a stranger's gallery holds.
    """

    name = "face_matching_rate"
    title = "Face matching rate"
    task = "privacy"
    needs = ("protected.identity", *_NEEDS)
    direction = "lower"
    unit = "share"
    range = (0.0, 1.0)
    source = "MeMa Table 6; threshold rule ours (paper/inconsistencies A18)"

    def calibrate(self, select: Seen) -> dict[str, float]:
        """Freeze ``identity_threshold`` at FMR 1e-3 between different people's originals.

        Fewer than 1,000 such pairs cannot show that rate: nothing is frozen, and the runner
        reports what is missing.
        """
        if not (select.has("original.identity") and select.has("truth.subject")):
            return {}
        faces = select.column("original.identity")
        clear = np.isfinite(faces).all(axis=1)
        if not clear.any():
            return {}
        faces, people = faces[clear], clusters_of(select).take(clear).codes
        _, impostor = pairs_of(faces, faces, people).all_sorted()
        if len(impostor) * FALSE_MATCH_RATE < 1:
            return {}
        # Another order of summation moves a distance by 1e-7: the pair next to the threshold stays out.
        return {"identity_threshold": threshold_at(impostor, FALSE_MATCH_RATE) - 1e-6}

    def samples(self, seen: Seen) -> dict[str, np.ndarray]:
        """``face_matched``: 1 where the protected face matches its own original."""
        return {"face_matched": self._own(readings(seen)[0])}

    def estimates(self, seen: Seen, resampler: Resampler) -> list[Estimate]:
        """Own image, and other images of the person, in each reading."""
        found = []
        for reading in readings(seen):
            own = self._own(reading)
            found.append(
                mean_estimate(
                    self,
                    "all",
                    own,
                    seen,
                    resampler,
                    reading=reading.name,
                    chance=FALSE_MATCH_RATE,
                    share=True,
                )
            )
            if seen.has("truth.subject"):
                found.append(self._others(reading, resampler))
        return found

    def _own(self, reading: Reading) -> np.ndarray:
        seen = reading.seen
        original = seen.column("original.identity")
        hit = matched(reading.column("protected.identity"), original, seen.calibration["identity_threshold"])
        return np.where(reading.keep, hit, np.nan)

    def _others(self, reading: Reading, resampler: Resampler) -> Estimate:
        seen = reading.seen
        original = seen.column("original.identity")
        probe = reading.column("protected.identity")
        people = clusters_of(seen).codes
        known = np.isfinite(original).all(axis=1)
        first, second = np.nonzero((people[:, None] == people[None, :]) & known[None, :])
        other = (first != second) & reading.keep[first]
        first, second = first[other], second[other]
        near = distances(probe[first], original[second]) <= seen.calibration["identity_threshold"]
        size = len(people)
        return ratio_estimate(
            self,
            "other_images",
            np.bincount(first, near, minlength=size),
            np.bincount(first, minlength=size).astype(float),
            seen,
            resampler,
            reading=reading.name,
            chance=FALSE_MATCH_RATE,
            share=True,
        )


class RestoredMatchingRate(Metric):
    """Share of faces restored with the right password that match their original at FMR 1e-3."""

    name = "face_matching_rate_restored"
    title = "Face matching rate after restore"
    task = "reversibility"
    needs = ("restored.identity", *_NEEDS)
    direction = "higher"
    unit = "share"
    range = (0.0, 1.0)
    source = "medbench; MeMa Table 8 gives ID-Dis only"

    def samples(self, seen: Seen) -> dict[str, np.ndarray]:
        """``face_matched_restored``: 1 where the restored face matches its original."""
        original = seen.column("original.identity")
        hit = matched(restored(seen, "identity"), original, seen.calibration["identity_threshold"])
        return {"face_matched_restored": np.where(seen.failed, np.nan, hit)}

    def estimates(self, seen: Seen, resampler: Resampler) -> list[Estimate]:
        """Mean over the samples that were protected."""
        values = self.samples(seen)["face_matched_restored"]
        return [mean_estimate(self, "all", values, seen, resampler, chance=FALSE_MATCH_RATE, share=True)]


METRICS: tuple[type[Metric], ...] = (FaceMatchingRate, RestoredMatchingRate)
