"""Does the new face belong to somebody in the data: the patient, or another patient?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from medbench.metrics.metric import Metric
from medbench.metrics.pairs import distance_matrix
from medbench.metrics.readings import readings
from medbench.metrics.statistics.clusters import clusters_of
from medbench.metrics.statistics.estimating import mean_estimate

if TYPE_CHECKING:
    from medbench.core import Estimate, Seen
    from medbench.metrics.statistics.resample import Resampler


class IdentityLeakage(Metric):
    """Share of protected (or generated) faces that match a clear face of the data at FMR 1e-3.

    Group ``all``: anybody's clear image, the person's own included, as MeMa's Table 1 asks of a
    generated set and its training photographs. ``other_people``: only somebody else's: a face that
    was lent by another patient. ``untouched``: how many clear images match somebody else, which
    the size of the gallery alone brings about.
    """

    name = "identity_leakage"
    title = "Identity leakage"
    task = "privacy"
    needs = (
        "original.identity",
        "protected.identity",
        "truth.subject",
        "calibration.identity_threshold",
    )
    direction = "lower"
    unit = "share"
    range = (0.0, 1.0)
    source = "MeMa Table 1; threshold rule ours (paper/inconsistencies A18)"

    def estimates(self, seen: Seen, resampler: Resampler) -> list[Estimate]:
        """``all`` and ``other_people`` in each reading, and ``untouched``."""
        clear, people = seen.column("original.identity"), clusters_of(seen).codes
        known, limit = np.isfinite(clear).all(axis=1), seen.calibration["identity_threshold"]
        strangers = people[:, None] != people[None, :]
        found = []
        for reading in readings(seen):
            near = distance_matrix(reading.column("protected.identity"), clear) <= limit
            for group, hits in (("all", near), ("other_people", near & strangers)):
                values = np.where(reading.keep & known, hits.any(axis=1), np.nan)
                found.append(
                    mean_estimate(self, group, values, seen, resampler, reading=reading.name, share=True)
                )
        alike = ((distance_matrix(clear, clear) <= limit) & strangers).any(axis=1)
        bare = np.where(known, alike, np.nan)
        return [*found, mean_estimate(self, "untouched", bare, seen, resampler, share=True)]


METRICS: tuple[type[Metric], ...] = (IdentityLeakage,)
