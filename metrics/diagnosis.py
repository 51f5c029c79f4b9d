"""Can the disease still be told: from the protected image, and from the restored one?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from medbench.core import DISEASES
from medbench.metrics.metric import Metric
from medbench.metrics.readings import readings, restored
from medbench.metrics.statistics.clusters import clusters_of
from medbench.metrics.statistics.estimating import mean_estimate, settle
from medbench.metrics.statistics.ratio_of_sums import divide, ratio_of_sums

if TYPE_CHECKING:
    from medbench.core import Estimate, Seen
    from medbench.metrics.statistics.resample import Resampler


def truth_codes(seen: Seen) -> np.ndarray:
    """Index into DISEASES of each sample's disease, -1 where it is none of them: (N,)."""
    order = {name: code for code, name in enumerate(DISEASES)}
    return np.array([order.get(str(name), -1) for name in seen.column("truth.disease")], dtype=int)


def correct(probabilities: np.ndarray, codes: np.ndarray, keep: np.ndarray) -> np.ndarray:
    """1 where the most probable class is the truth, 0 where not or unseen; NaN where not asked: (N,)."""
    known = np.isfinite(probabilities).all(axis=1)
    hit = known & (np.argmax(np.nan_to_num(probabilities), axis=1) == codes)
    return np.where(keep & (codes >= 0), hit.astype(float), np.nan)


def macro(
    hits: np.ndarray, codes: np.ndarray, seen: Seen, resampler: Resampler
) -> tuple[float, np.ndarray, np.ndarray]:
    """Mean of the class accuracies: value, draws (D,), and which samples (N,) entered.

    A draw that misses a class is the mean of the others, as scikit-learn's
    balanced_accuracy_score has it.
    """
    scored = np.isfinite(hits)
    if not scored.any():
        return float("nan"), np.full(resampler.draws, np.nan), scored
    member = (codes[scored, None] == np.arange(len(DISEASES))[None, :]).astype(float)
    clusters = clusters_of(seen).take(scored)
    value, draws = ratio_of_sums(member * hits[scored, None], member, clusters, resampler)
    return float(np.nanmean(value)), _row_mean(draws), scored


def _row_mean(draws: np.ndarray) -> np.ndarray:
    known = np.isfinite(draws)
    return divide(np.where(known, draws, 0.0).sum(axis=1), known.sum(axis=1).astype(float))


def accuracies(
    metric: Metric, hits: np.ndarray, seen: Seen, resampler: Resampler, reading: str
) -> list[Estimate]:
    """Macro (``all``), micro and per-class accuracy of (N,) hits; NaN is not scored."""
    codes = truth_codes(seen)
    value, draws, scored = macro(hits, codes, seen, resampler)
    present = np.unique(codes[scored])
    found = [
        settle(
            metric,
            "all",
            value,
            draws,
            n=int(scored.sum()),
            clusters=clusters_of(seen).take(scored),
            reading=reading,
            chance=1 / len(present) if len(present) else None,
            share=True,
        ),
        mean_estimate(metric, "micro", hits, seen, resampler, reading=reading, share=True),
    ]
    for code in present:
        of_class = np.where(codes == code, hits, np.nan)
        group = f"class={DISEASES[code]}"
        found.append(mean_estimate(metric, group, of_class, seen, resampler, reading=reading, share=True))
    return found


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
            value, draws, scored = macro(hits, codes, seen, resampler)
            bare = correct(seen.column("original.diagnosis"), codes, reading.keep)
            bound, bound_draws, _ = macro(bare, codes, seen, resampler)
            ratio = float(divide(np.array(value), np.array(bound)))
            clusters = clusters_of(seen).take(scored)
            quotients = divide(draws, bound_draws)
            n = int(scored.sum())
            found.append(settle(self, "all", ratio, quotients, n=n, clusters=clusters, reading=reading.name))
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
