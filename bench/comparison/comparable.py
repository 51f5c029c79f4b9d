"""Which columns of samples.parquet two methods are compared by, and which way is better."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from medbench.catalogue import catalogue

#: Columns that are not called after their metric; the longest name that fits decides for the others.
_COLUMNS = {
    "diagnosis_correct": "diagnosis_accuracy",
    "diagnosis_correct_restored": "diagnosis_accuracy_restored",
    "face_matched": "face_matching_rate",
    "face_matched_restored": "face_matching_rate_restored",
    "rank1_hit": "rank1_identification",
}
#: Columns and metrics that speak of the originals alone, or count: methods do not differ in them.
_OF_ORIGINALS = ("diagnosis_correct_untouched",)
NOT_OF_METHODS = ("counts", "diagnosis_accuracy_untouched")
FAILED = "failed"
#: Columns whose values depend on what other samples are in the run.
OF_THE_WHOLE = ("rank1_hit",)


@dataclass(frozen=True)
class Comparable:
    """A per-sample column: its metric, and ``better``: higher, lower, or neither.

    ``part`` is what the column says of the metric: '' or all for the whole, jaw, pitch …
    """

    column: str
    metric: str
    part: str
    better: str

    @property
    def headline(self) -> bool:
        """Is it the metric's main figure?"""
        return self.part in ("", "all")


def comparables(columns: Iterable[str], metrics: Iterable[str]) -> list[Comparable]:
    """Those of the columns that belong to one of the metrics, in order; ``failed`` comes first."""
    told = {row["name"]: row for row in catalogue("metrics")}
    known = sorted(metrics, key=len, reverse=True)
    found = [Comparable(FAILED, FAILED, "", "lower")]
    for column in columns:
        metric = _COLUMNS.get(column) or next((name for name in known if column.startswith(name)), None)
        if metric is None or column in _OF_ORIGINALS or column == FAILED:
            continue
        part = "" if column in _COLUMNS else column[len(metric) :].strip("_.")
        row = told.get(metric, {})
        # How much a protected picture differs from its original is neither good nor bad.
        better = "neither" if row.get("task") == "quality" else row.get("direction", "neither")
        found.append(Comparable(column, metric, part, better))
    return found
