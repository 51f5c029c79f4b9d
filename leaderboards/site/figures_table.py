"""Every figure of a result for its page: grouped by what it asks, in the order of the result."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True)
class FigureRow:
    """One figure as text."""

    metric: str
    title: str
    group: str
    reading: str
    value: str
    interval: str
    n: int
    unit: str
    note: str


def figure_groups(rows: Sequence[EstimateRow]) -> list[tuple[str, list[FigureRow]]]:
    """Figures under the titles of TASKS; empty groups are left out."""
    told = _metrics()
    found: dict[str, list[FigureRow]] = {task: [] for task in TASKS}
    for row in rows:
        about = told.get(row.metric, {})
        task = str(about.get("task", ""))
        found[task if task in TASKS else ""].append(_row(row, str(about.get("title", row.metric))))
    return [(TASKS[task], lines) for task, lines in found.items() if lines]


@cache
def _metrics() -> dict[str, dict[str, Any]]:
    return {row["name"]: row for row in catalogue("metrics")}


def attack_group(attacks: Attacks) -> list[tuple[str, list[FigureRow]]]:
    """Figures of the attackers that learn, under the terms of the attack; none where nobody tried."""
    rows = [_row(row, row.metric.replace("_", " ")) for row in attacks.estimates]
    return [(f"What attackers get: {attacks.told}", rows)] if rows else []


def _row(row: EstimateRow, title: str) -> FigureRow:
    notes = [f"chance {short(row.chance)}"] if row.chance is not None else []
    notes += ["no variation"] if row.degenerate else []
    interval = "" if row.interval == "exact" else f"[{short(row.low)}, {short(row.high)}]"
    group = "" if row.group == "all" else row.group
    reading = "" if row.reading == "excluded" else row.reading
    return FigureRow(
        row.metric, title, group, reading, short(row.value), interval, row.n, row.unit, ", ".join(notes)
    )
