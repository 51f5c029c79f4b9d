"""Is the person among the first k of a gallery's people, for an attacker who checks by hand?"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from medbench.metrics.metric import Metric
from medbench.metrics.pairs import distance_matrix
from medbench.metrics.readings import readings
from medbench.metrics.statistics.clusters import clusters_of
from medbench.metrics.statistics.estimating import mean_estimate

if TYPE_CHECKING:
    from medbench.core import Estimate, Seen
    from medbench.metrics.statistics.resample import Resampler


def person_ranks(probe: np.ndarray, gallery: np.ndarray, people: np.ndarray) -> np.ndarray:
    """Place of the right person among all people of the gallery, 1 the nearest: (N,).

    A person is as near as the nearest of their clear images; the probe's own is not in the gallery.

    Args:
        probe: (N, F) embeddings; a row of NaN is a face that was not found.
        gallery: (N, F) embeddings of the clear images; rows of NaN are not in the gallery.
        people: (N,) codes in [0, P), whose each image is.

    Returns:
        Ranks; infinite where the probe was not seen, NaN where the gallery lacks the person.
    """
    near = distance_matrix(probe, gallery)
    np.fill_diagonal(near, np.inf)
    order = np.argsort(people, kind="stable")
    starts = np.flatnonzero(np.diff(people[order], prepend=-1))
    nearest = np.minimum.reduceat(near[:, order], starts, axis=1)
    own = nearest[np.arange(len(people)), people]
    listed = np.isfinite(gallery).all(axis=1)
    others = np.bincount(people, listed, minlength=len(starts))[people] - listed
    ranks = (nearest < own[:, None]).sum(axis=1) + 1.0
    ranks[~np.isfinite(own)] = np.inf
    return np.where(others > 0, ranks, np.nan)


class Rank5Identification(Metric):
    """Share of protected probes whose person is among the five nearest people of a clear gallery.

    The probe's own original is not in the gallery. ``chance`` is k over the number of people.
    """

    name = "rank5_identification"
    title = "Rank-5 identification"
    task = "privacy"
    needs = ("original.identity", "protected.identity", "truth.subject")
    direction = "lower"
    unit = "share"
    range = (0.0, 1.0)
    source = "ISO/IEC 19795-1, closed-set identification; people, not images, are ranked"
    k: ClassVar[int] = 5

    def estimates(self, seen: Seen, resampler: Resampler) -> list[Estimate]:
        """``all``, in each reading."""
        gallery, people = seen.column("original.identity"), clusters_of(seen).codes
        found = []
        for reading in readings(seen):
            ranks = person_ranks(reading.column("protected.identity"), gallery, people)
            asked = reading.keep & ~np.isnan(ranks)
            hits = np.where(asked, ranks <= self.k, np.nan)
            listed = len(np.unique(people[np.isfinite(gallery).all(axis=1)]))
            chance = min(self.k / listed, 1.0) if listed else None
            found.append(
                mean_estimate(
                    self, "all", hits, seen, resampler, reading=reading.name, chance=chance, share=True
                )
            )
        return found


class Rank10Identification(Rank5Identification):
    """Share of protected probes whose person is among the ten nearest people of a clear gallery."""

    name = "rank10_identification"
    title = "Rank-10 identification"
    k = 10


METRICS: tuple[type[Metric], ...] = (Rank5Identification, Rank10Identification)
