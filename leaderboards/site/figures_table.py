"""Every figure of a result for its page: grouped by what it asks, in the order of the result."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from medbench.catalogue import catalogue
from medbench.leaderboards.site.attacks import Attacks
from medbench.reports.figures import short
from medbench.result import EstimateRow

TASKS = {
    "utility": "What is kept",
    "privacy": "What is hidden",
    "reversibility": "What the key brings back",
    "quality": "How much the picture changed",
    "counts": "How many images",
    "": "Other figures",
}
#: Metrics whose classes a page of the site lists; those of the others are in the download alone.
BY_CLASS = ("diagnosis_accuracy", "diagnosis_kappa", "tumour_dice")
#: Groups that are parts of the pictures, by what stands before the sign of equality.
PARTS = ("class", "truth", "told", "disease", "age", "sex", "skin", "tone", "severity", "side")


@dataclass(frozen=True)
class FigureRow:
    """One figure as text; ``span`` counts the rows of its metric that follow it, 0 where one went before.

    ``unit`` is empty where it is that of the metric's first row.
    """

    title: str
    group: str
    reading: str
    value: str
    interval: str
    n: int
    unit: str
    note: str
    span: int = 0


def on_page(row: EstimateRow) -> bool:
    """Does a method's page on the site list the figure? Those of single classes and subgroups are many."""
    kind = row.group.replace("<", "=").replace(">", "=").partition("=")[0]
    return row.metric in BY_CLASS or kind == row.group or kind not in PARTS


def figure_groups(rows: Sequence[EstimateRow]) -> list[tuple[str, list[FigureRow]]]:
    """Figures under the titles of TASKS; empty groups are left out."""
    told = _metrics()
    found: dict[str, list[FigureRow]] = {task: [] for task in TASKS}
    for metric, of_metric in by_metric(rows).items():
        about = told.get(metric, {})
        task = str(about.get("task", ""))
        found[task if task in TASKS else ""] += _rows(of_metric, str(about.get("title", metric)))
    return [(TASKS[task], lines) for task, lines in found.items() if lines]


@cache
def _metrics() -> dict[str, dict[str, Any]]:
    return {row["name"]: row for row in catalogue("metrics")}


def attack_group(attacks: Attacks) -> list[tuple[str, list[FigureRow]]]:
    """Figures of the attackers that learn, under the terms of the attack; none where nobody tried."""
    groups = by_metric(attacks.estimates).items()
    rows = [line for metric, found in groups for line in _rows(found, metric.replace("_", " "))]
    return [(f"What attackers get: {attacks.told}", rows)] if rows else []


def by_metric(rows: Sequence[EstimateRow]) -> dict[str, list[EstimateRow]]:
    """Figures of each metric together, in the order in which they are met."""
    found: dict[str, list[EstimateRow]] = {}
    for row in rows:
        found.setdefault(row.metric, []).append(row)
    return found


def _rows(rows: Sequence[EstimateRow], title: str) -> list[FigureRow]:
    first, *others = (_row(row, title) for row in rows)
    same = [replace(one, unit="") if one.unit == first.unit else one for one in others]
    return [replace(first, span=len(rows)), *same]


def _row(row: EstimateRow, title: str) -> FigureRow:
    notes = [f"chance {short(row.chance)}"] if row.chance is not None else []
    notes += ["no variation"] if row.degenerate else []
    interval = "" if row.interval == "exact" else f"[{short(row.low)}, {short(row.high)}]"
    reading = "" if row.reading == "excluded" else row.reading
    return FigureRow(title, row.group, reading, short(row.value), interval, row.n, row.unit, ", ".join(notes))
