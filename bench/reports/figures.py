"""Every figure of a result, as rows of text."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from medbench.result import EstimateRow, Result

FIELDS = (
    "suite", "split", "method", "preset", "backend", "metric", "group", "reading",
    "value", "low", "high", "level", "interval", "n", "unit", "chance", "degenerate",
)  # fmt: skip


def figure_rows(result: Result) -> list[tuple[str, ...]]:
    """metric, group, reading, value, interval, n, unit, chance, flag; in the result's order."""
    return [
        (
            row.metric,
            row.group,
            row.reading,
            short(row.value),
            f"[{short(row.low)}, {short(row.high)}]",
            str(row.n),
            row.unit,
            "" if row.chance is None else short(row.chance),
            "no variation" if row.degenerate else "",
        )
        for row in result.estimates
    ]


def skipped_rows(result: Result) -> list[tuple[str, str]]:
    """Metrics that gave no figure, and why."""
    return [(skipped.metric, skipped.reason) for skipped in result.skipped]


def full_row(result: Result, row: EstimateRow) -> dict[str, object]:
    """One figure with all of FIELDS, numbers unrounded; what is not known is empty."""
    known = {
        "suite": result.suite.name,
        "split": result.suite.split,
        "method": result.method.name,
        "preset": result.method.preset,
        "backend": result.method.backend,
        **row.model_dump(),
    }
    return {name: "" if (value := known[name]) is None or value != value else value for name in FIELDS}


def short(value: float) -> str:
    """Four significant digits; a dash for NaN."""
    return "–" if math.isnan(value) else f"{value:.4g}"
