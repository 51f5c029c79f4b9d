"""Can the person be told by the eyes alone, the part that protection has to keep?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from medbench.metrics.identification import rank1
from medbench.metrics.metric import Metric
from medbench.metrics.readings import readings
from medbench.metrics.statistics.clusters import clusters_of
from medbench.metrics.statistics.estimating import mean_estimate, settle
from medbench.metrics.verification import judge

if TYPE_CHECKING:
    from medbench.core import Estimate, Seen
    from medbench.metrics.statistics.resample import Resampler


class EyesRank1(Metric):
    """Rank-1 identification by a band around both eyes: protected probes, clear gallery of such bands.

    The probe's own image is not in the gallery. Group ``untouched``: clear probes, which is what
    the eyes give away at all.
    """

    name = "eyes_rank1"
    title = "Rank-1 by the eyes alone"
    task = "privacy"
    needs = ("original.identity_eyes", "protected.identity_eyes", "truth.subject")
    direction = "lower"
    unit = "share"
    range = (0.0, 1.0)
    source = "medbench; ROFI Fig. 5c asks it of crops of the original"

    def estimates(self, seen: Seen, resampler: Resampler) -> list[Estimate]:
        """``all`` in each reading, and ``untouched``."""
        clear, people = np.asarray(seen.column(self.needs[0])), clusters_of(seen).codes
        everyone = np.ones(len(people), dtype=bool)
        asked = [("all", r.column(self.needs[1]), r.keep, r.name) for r in readings(seen)]
        found = []
        for group, probe, keep, name in (*asked, ("untouched", clear, everyone, "excluded")):
            hits, chance = rank1(probe, clear, people, own=False)
            known = keep & np.isfinite(hits)
            found.append(
                mean_estimate(
                    self,
                    group,
                    np.where(known, hits, np.nan),
                    seen,
                    resampler,
                    reading=name,
                    chance=float(chance[known].mean()) if known.any() else None,
                    share=True,
                )
            )
        return found


class IrisRank1(EyesRank1):
    """Rank-1 identification by a disc around each iris: protected probes, clear gallery of such discs."""

    name = "iris_rank1"
    title = "Rank-1 by the irises alone"
    needs = ("original.identity_iris", "protected.identity_iris", "truth.subject")


class EyesAuc(Metric):
    """Verification AUC by a band around both eyes: protected against clear; 0.5 is guessing.

    Group ``untouched``: clear against clear.
    """

    name = "eyes_auc"
    title = "Verification AUC by the eyes alone"
    task = "privacy"
    needs = ("original.identity_eyes", "protected.identity_eyes", "truth.subject")
    direction = "lower"
    unit = "share"
    range = (0.0, 1.0)
    source = "medbench"

    def estimates(self, seen: Seen, resampler: Resampler) -> list[Estimate]:
        """``all`` in each reading, and ``untouched``."""
        clear = np.asarray(seen.column(self.needs[0]))
        known = np.isfinite(clear).all(axis=1)
        asked = [("all", r.column(self.needs[1]), known & r.keep, r.name) for r in readings(seen)]
        found = []
        for group, probe, keep, name in (*asked, ("untouched", clear, known, "excluded")):
            clusters, left = clusters_of(seen).take(keep), clear[keep]
            right = left if group == "untouched" else probe[keep]
            values, draws = judge(left, right, clusters, resampler)
            found.append(
                settle(
                    self,
                    group,
                    values["auc"],
                    draws["auc"],
                    n=int(keep.sum()),
                    clusters=clusters,
                    reading=name,
                    chance=0.5,
                )
            )
        return found


class IrisAuc(EyesAuc):
    """Verification AUC by a disc around each iris: protected against clear; 0.5 is guessing."""

    name = "iris_auc"
    title = "Verification AUC by the irises alone"
    needs = ("original.identity_iris", "protected.identity_iris", "truth.subject")


METRICS: tuple[type[Metric], ...] = (EyesRank1, IrisRank1, EyesAuc, IrisAuc)
