"""Can the disease still be told: from the protected image, and from the restored one?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from medbench.core import DISEASES
from medbench.metrics.accuracy import accuracies, correct, macro, truth_codes
from medbench.metrics.metric import Metric
from medbench.metrics.readings import readings, restored
from medbench.metrics.statistics.clusters import clusters_of
from medbench.metrics.statistics.estimating import settle
from medbench.metrics.statistics.ratio_of_sums import divide
from medbench.metrics.statistics.tables import table_draws

if TYPE_CHECKING:
    from medbench.core import Estimate, Seen
    from medbench.metrics.statistics.resample import Resampler


class DiagnosisAccuracy(Metric):
    """Accuracy of the diagnosis network on protected images; ``all`` is the mean of the classes.

    That mean is what the paper's "All" is (inconsistencies A6); ``micro`` is the plain share.
    """

    name = "diagnosis_accuracy"
    title = "Diagnosis accuracy"
    task = "utility"
    needs = ("protected.diagnosis", "original.diagnosis", "truth.disease")
    direction = "higher"
    unit = "share"
    range = (0.0, 1.0)
    source = "MeMa Table 3"

    def samples(self, seen: Seen) -> dict[str, np.ndarray]:
        """``diagnosis_correct`` and ``diagnosis_correct_untouched``: 1 or 0."""
        codes, first = truth_codes(seen), readings(seen)[0]
        return {
            "diagnosis_correct": correct(first.column("protected.diagnosis"), codes, first.keep),
            "diagnosis_correct_untouched": correct(
                seen.column("original.diagnosis"), codes, np.ones(len(codes), dtype=bool)
            ),
        }

    def estimates(self, seen: Seen, resampler: Resampler) -> list[Estimate]:
        """``all``, ``micro`` and every class, in each reading."""
        codes = truth_codes(seen)
        found = []
        for reading in readings(seen):
            hits = correct(reading.column("protected.diagnosis"), codes, reading.keep)
            found += accuracies(self, hits, seen, resampler, reading.name)
        return found


class UntouchedDiagnosisAccuracy(Metric):
    """Accuracy of the same network on the untouched images: the upper bound the paper leaves out (A19)."""

    name = "diagnosis_accuracy_untouched"
    title = "Diagnosis accuracy, untouched"
    task = "utility"
    needs = ("original.diagnosis", "truth.disease")
    direction = "higher"
    unit = "share"
    range = (0.0, 1.0)
    source = "medbench (paper/inconsistencies A19)"

    def estimates(self, seen: Seen, resampler: Resampler) -> list[Estimate]:
        """``all``, ``micro`` and every class, over all samples."""
        everyone = np.ones(len(seen.ids), dtype=bool)
        hits = correct(seen.column("original.diagnosis"), truth_codes(seen), everyone)
        return accuracies(self, hits, seen, resampler, "excluded")


class DiagnosisRetention(Metric):
    """Macro accuracy on protected images over macro accuracy on the same images untouched."""

    name = "diagnosis_retention"
    title = "Diagnosis kept"
    task = "utility"
    needs = ("protected.diagnosis", "original.diagnosis", "truth.disease")
    direction = "higher"
    unit = "ratio"
    range = (0.0, float("inf"))
    source = "medbench; both accuracies are resampled by the same draws"

    def estimates(self, seen: Seen, resampler: Resampler) -> list[Estimate]:
        """One ratio for each reading."""
        codes = truth_codes(seen)
        found = []
        for reading in readings(seen):
            hits = correct(reading.column("protected.diagnosis"), codes, reading.keep)
            bare = correct(seen.column("original.diagnosis"), codes, reading.keep)
            scored = np.isfinite(hits)
            clusters = clusters_of(seen).take(scored)
            cells = codes[scored] * 4 + hits[scored].astype(int) * 2 + bare[scored].astype(int)
            table, draws = table_draws(cells, len(DISEASES) * 4, clusters, resampler)
            both = np.vstack([table, draws]).reshape(-1, len(DISEASES), 2, 2)
            kept = divide(macro(both.sum(axis=3)), macro(both.sum(axis=2)))
            found.append(
                settle(
                    self,
                    "all",
                    float(kept[0]),
                    kept[1:],
                    n=int(scored.sum()),
                    clusters=clusters,
                    reading=reading.name,
                )
            )
        return found


class RestoredDiagnosisAccuracy(Metric):
    """Accuracy of the diagnosis network on images restored with the right password."""

    name = "diagnosis_accuracy_restored"
    title = "Diagnosis accuracy after restore"
    task = "reversibility"
    needs = ("restored.diagnosis", "truth.disease")
    direction = "higher"
    unit = "share"
    range = (0.0, 1.0)
    source = "MeMa Table 8"

    def samples(self, seen: Seen) -> dict[str, np.ndarray]:
        """``diagnosis_correct_restored``: 1 or 0."""
        keep = ~np.asarray(seen.failed, dtype=bool)
        return {"diagnosis_correct_restored": correct(restored(seen, "diagnosis"), truth_codes(seen), keep)}

    def estimates(self, seen: Seen, resampler: Resampler) -> list[Estimate]:
        """``all``, ``micro`` and every class."""
        return accuracies(self, self.samples(seen)["diagnosis_correct_restored"], seen, resampler, "excluded")


METRICS: tuple[type[Metric], ...] = (
    DiagnosisAccuracy,
    UntouchedDiagnosisAccuracy,
    DiagnosisRetention,
    RestoredDiagnosisAccuracy,
)
