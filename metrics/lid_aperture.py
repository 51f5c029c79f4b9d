"""Does the upper lid stay as high as it was? MRD1, the sign of ptosis and of retraction."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from medbench.metrics.keypoints import eye_widths
from medbench.metrics.metric import Metric
from medbench.metrics.readings import readings
from medbench.metrics.statistics.estimating import mean_estimate

if TYPE_CHECKING:
    from medbench.core import Estimate, Seen
    from medbench.metrics.statistics.resample import Resampler

#: iBUG's points of each eye, the patient's right one first: upper lid, lower lid, corners.
_UPPER = ((37, 38), (43, 44))
_LOWER = ((41, 40), (47, 46))
_TRUTH = ("truth.mrd1_right", "truth.mrd1_left")


def apertures(points: np.ndarray) -> np.ndarray:
    """Height of each lid opening over its eye's width: landmarks (N, 68, 2) -> (N, 2)."""
    points = np.asarray(points, dtype=float)
    gaps = [
        np.linalg.norm(points[:, list(up)] - points[:, list(down)], axis=2).mean(axis=1)
        for up, down in zip(_UPPER, _LOWER, strict=True)
    ]
    return np.stack(gaps, axis=1) / eye_widths(points)


class LidHeight(Metric):
    """Mean absolute error of MRD1 as the eyelid points of the protected image tell it, millimetres.

    A straight line from opening (in eye widths) to millimetres is fitted beforehand on the select
    split's originals. ``all``: protected image against the truth; ``untouched``: original against
    the truth, which is what the landmarks cannot tell; ``change``: protected against original.
    """

    name = "mrd1_error"
    title = "MRD1 error"
    task = "utility"
    needs = (
        "original.landmarks",
        "protected.landmarks",
        *_TRUTH,
        "calibration.mrd1_slope",
        "calibration.mrd1_offset",
    )
    direction = "lower"
    unit = "mm"
    range = (0.0, float("inf"))
    source = "MRD1: Putterman 1975; ROFI's eyelid sign; lid opening from dlib's landmarks"

    def calibrate(self, select: Seen) -> dict[str, float]:
        """Freeze ``mrd1_slope`` and ``mrd1_offset`` by least squares; nothing without truth."""
        if not all(select.has(need) for need in ("original.landmarks", *_TRUTH)):
            return {}
        told, truth = apertures(select.column("original.landmarks")).ravel(), _truth(select).ravel()
        known = np.isfinite(told) & np.isfinite(truth)
        if known.sum() < 2:
            return {}
        slope, offset = np.polyfit(told[known], truth[known], 1)
        return {"mrd1_slope": float(slope), "mrd1_offset": float(offset)}

    def estimates(self, seen: Seen, resampler: Resampler) -> list[Estimate]:
        """``all`` and ``change`` in each reading, and ``untouched``; both eyes of an image at once."""
        truth, before = _truth(seen), self._millimetres(seen, seen.column("original.landmarks"))
        found = []
        for reading in readings(seen):
            after = self._millimetres(seen, reading.column("protected.landmarks"))
            for group, against in (("all", truth), ("change", before)):
                values = np.abs(after - against).mean(axis=1)
                found.append(mean_estimate(self, group, values, seen, resampler, reading=reading.name))
        bare = np.abs(before - truth).mean(axis=1)
        return [*found, mean_estimate(self, "untouched", bare, seen, resampler)]

    def _millimetres(self, seen: Seen, points: np.ndarray) -> np.ndarray:
        return seen.calibration["mrd1_slope"] * apertures(points) + seen.calibration["mrd1_offset"]


def _truth(seen: Seen) -> np.ndarray:
    return np.stack([np.asarray(seen.column(path), dtype=float) for path in _TRUTH], axis=1)


METRICS: tuple[type[Metric], ...] = (LidHeight,)
