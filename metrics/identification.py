"""Who is it? The protected face is looked up in a gallery of clear faces."""

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


def rank1(
    probe: np.ndarray, gallery: np.ndarray, people: np.ndarray, own: bool
) -> tuple[np.ndarray, np.ndarray]:
    """Look every probe up among all gallery images, with or without the image it was made from.

    Args:
        probe: (N, F) embeddings; a row of NaN is a face that was not found, and a miss.
        gallery: (N, F) embeddings of the clear images; rows of NaN are not in the gallery.
        people: (N,) whose each image is.
        own: Keep the probe's own clear image in its gallery.

    Returns:
        Hits (N,), 1 where the nearest gallery image is of the same person, and the chance (N,)
        that a blind pick is. Both NaN where the gallery holds no image of the person.
    """
    near = distance_matrix(probe, gallery)
    listed = np.isfinite(gallery).all(axis=1)
    same = (people[:, None] == people[None, :]) & listed[None, :]
    size = np.full(len(people), int(listed.sum()))
    if not own:
        np.fill_diagonal(near, np.inf)
        np.fill_diagonal(same, False)
        size = size - listed
    there = same.sum(axis=1)
    best = near.argmin(axis=1)
    rows = np.arange(len(people))
    hit = np.isfinite(near[rows, best]) & same[rows, best]
    return np.where(there > 0, hit, np.nan), np.where(there > 0, there / np.maximum(size, 1), np.nan)


class Rank1Identification(Metric):
    """Share of protected probes whose nearest clear image is of the same person.

    Group ``all``: the probe's own original is not in the gallery. Group ``own_image_included``:
    it is. ``chance`` is what a blind pick would hit. The interval resamples the probes' subjects
    with the gallery held fixed.
    """

    name = "rank1_identification"
    title = "Rank-1 identification"
    task = "privacy"
    needs = ("original.identity", "protected.identity", "truth.subject")
    direction = "lower"
    unit = "share"
    range = (0.0, 1.0)
    source = "SEBA's clear gallery with protected probes; chance beside it"

    def samples(self, seen: Seen) -> dict[str, np.ndarray]:
        """``rank1_hit``: 1 where the person was found without the probe's own image."""
        first = readings(seen)[0]
        hits, _ = self._look(seen, first.column("protected.identity"), own=False)
        return {"rank1_hit": np.where(first.keep, hits, np.nan)}

    def estimates(self, seen: Seen, resampler: Resampler) -> list[Estimate]:
        """Both galleries, in each reading."""
        found = []
        for reading in readings(seen):
            probe = reading.column("protected.identity")
            for group, own in (("all", False), ("own_image_included", True)):
                hits, chance = self._look(seen, probe, own)
                asked = reading.keep & np.isfinite(hits)
                found.append(
                    mean_estimate(
                        self,
                        group,
                        np.where(asked, hits, np.nan),
                        seen,
                        resampler,
                        reading=reading.name,
                        chance=float(chance[asked].mean()) if asked.any() else None,
                        share=True,
                    )
                )
        return found

    def _look(self, seen: Seen, probe: np.ndarray, own: bool) -> tuple[np.ndarray, np.ndarray]:
        return rank1(probe, seen.column("original.identity"), clusters_of(seen).codes, own)


METRICS: tuple[type[Metric], ...] = (Rank1Identification,)
