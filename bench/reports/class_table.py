"""Figures by class as a table: a row per class, a column per metric."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from medbench.catalogue import catalogue
from medbench.reports.figures import short
from medbench.result import EstimateRow

CLASS = "class="


@dataclass(frozen=True)
class ClassTable:
    """Titles of the columns, and for each class its cells: value, interval and n as text."""

    titles: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]


def class_table(rows: Sequence[EstimateRow]) -> ClassTable | None:
    """The figures whose group is a class, failed samples left out; None where there are none."""
    found = {
        (row.group.removeprefix(CLASS), row.metric): row
        for row in rows
        if row.group.startswith(CLASS) and row.reading == "excluded"
    }
    if not found:
        return None
    classes, metrics = (list(dict.fromkeys(key[i] for key in found)) for i in (0, 1))
    told = {row["name"]: str(row.get("title", row["name"])) for row in catalogue("metrics")}
    return ClassTable(
        tuple(told.get(metric, metric) for metric in metrics),
        tuple((name, tuple(_text(found.get((name, metric))) for metric in metrics)) for name in classes),
    )


def _text(row: EstimateRow | None) -> str:
    return "–" if row is None else f"{short(row.value)} [{short(row.low)}, {short(row.high)}], n {row.n}"
