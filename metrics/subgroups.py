"""For whom is it worst: by age, sex, skin tone and disease?"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from medbench.core import Estimate
from medbench.metrics.accuracy import correct, truth_codes
from medbench.metrics.matching import matched
from medbench.metrics.metric import Metric
from medbench.metrics.readings import readings
from medbench.metrics.statistics.clusters import clusters_of
from medbench.metrics.statistics.influence import of_ratio, standard_error
from medbench.metrics.statistics.intervals import clopper_pearson
from medbench.metrics.statistics.ready import Interval
from medbench.metrics.statistics.studentised import LOGIT, student

if TYPE_CHECKING:
    from medbench.core import Seen
    from medbench.metrics.readings import Reading
    from medbench.metrics.statistics.clusters import Clusters
    from medbench.metrics.statistics.resample import Resampler

#: Groups of fewer people are not reported: their figures are noise, and may single somebody out.
FEWEST_SUBJECTS = 10
#: Years at which a new group of ages begins.
AGES = (40, 60)
_COLUMNS = {"sex": "sex", "tone_group": "skin", "disease": "disease"}


def subgroups(seen: Seen) -> dict[str, np.ndarray]:
    """Group name -> which samples (N,) it holds, from the truth columns that the suite has."""
    found = {}
    if seen.has("truth.age"):
        ages = np.asarray(seen.column("truth.age"), dtype=float)
        bounds = (-np.inf, *AGES, np.inf)
        names = (f"age<{AGES[0]}", f"age={AGES[0]}-{AGES[1] - 1}", f"age>={AGES[1]}")
        for name, low, high in zip(names, bounds[:-1], bounds[1:], strict=True):
            found[name] = (ages >= low) & (ages < high)
    for column, title in _COLUMNS.items():
        if seen.has(f"truth.{column}"):
            values = np.asarray(seen.column(f"truth.{column}")).astype(str)
            known = np.unique(values[~np.isin(values, ("", "nan", "None"))])
            found |= {f"{title}={value}": values == value for value in known}
    return found


def worst_of(metric: Metric, values: np.ndarray, reading: Reading) -> list[Estimate]:
    """Mean of (N,) values in every group that is large enough, and ``all``: the worst group's.

    The intervals hold for all K groups at once (level 1 - .05 / K), since the worst of many is
    sought. Values that are NaN do not count.
    """
    clusters, found = clusters_of(reading.seen), {}
    for name, members in subgroups(reading.seen).items():
        keep = members & np.isfinite(values)
        people = clusters.take(keep)
        if people.count >= FEWEST_SUBJECTS:
            found[name] = (values[keep], people)
    level = 1 - 0.05 / max(len(found), 1)
    rows = []
    for name, (told, people) in found.items():
        interval = _interval(told, people, level)
        rows.append(
            Estimate(
                metric=metric.name,
                group=name,
                value=float(told.mean()),
                low=interval.low,
                high=interval.high,
                n=len(told),
                unit=metric.unit,
                level=level,
                interval=f"{interval.kind}/{people.unit}, {len(found)} at once",
                reading=reading.name,
            )
        )
    if not rows:
        return []
    worst = min(rows, key=lambda row: row.value if metric.direction == "higher" else -row.value)
    return [replace(worst, group="all", interval=f"{worst.interval}; {worst.group}"), *rows]


def _interval(told: np.ndarray, people: Clusters, level: float) -> Interval:
    """Interval of the share of (n,) ones and zeros of these people."""
    value = float(told.mean())
    if value in (0.0, 1.0):
        return Interval("clopper-pearson", *clopper_pearson(value * people.count, people.count, level))
    above, below = people.sums(np.stack([told, np.ones(len(told))], axis=1)).T
    error = float(standard_error(of_ratio(above, below)))
    return Interval("logit-t", *student(value, error, people.count - 1, LOGIT, level))


class WorstDiagnosis(Metric):
    """Diagnosis accuracy in the subgroup in which it is lowest; every subgroup stands beside it."""

    name = "worst_subgroup_diagnosis"
    title = "Diagnosis accuracy, worst subgroup"
    task = "utility"
    needs = ("protected.diagnosis", "original.diagnosis", "truth.disease")
    direction = "higher"
    unit = "share"
    range = (0.0, 1.0)
    source = "medbench; groups of fewer than 10 subjects suppressed"

    def estimates(self, seen: Seen, resampler: Resampler) -> list[Estimate]:
        """``all`` (the worst) and every subgroup, in each reading."""
        found = []
        for reading in readings(seen):
            hits = correct(reading.column("protected.diagnosis"), truth_codes(seen), reading.keep)
            found += worst_of(self, hits, reading)
        return found


class WorstMatching(Metric):
    """Face matching rate in the subgroup in which it is highest; every subgroup stands beside it."""

    name = "worst_subgroup_matching"
    title = "Face matching rate, worst subgroup"
    task = "privacy"
    needs = ("protected.identity", "original.identity", "calibration.identity_threshold", "truth.subject")
    direction = "lower"
    unit = "share"
    range = (0.0, 1.0)
    source = "medbench; groups of fewer than 10 subjects suppressed"

    def estimates(self, seen: Seen, resampler: Resampler) -> list[Estimate]:
        """``all`` (the worst) and every subgroup, in each reading."""
        clear, limit = seen.column("original.identity"), seen.calibration["identity_threshold"]
        found = []
        for reading in readings(seen):
            hits = matched(reading.column("protected.identity"), clear, limit)
            found += worst_of(self, np.where(reading.keep, hits, np.nan), reading)
        return found


METRICS: tuple[type[Metric], ...] = (WorstDiagnosis, WorstMatching)
