"""The heat map: diagnosis accuracy of every class and method, as a table whose cells are shaded."""

from __future__ import annotations

from dataclasses import dataclass

from medbench.leaderboards.site.shelf import Board, Entry
from medbench.result import EstimateRow

METRIC = "diagnosis_accuracy"
STEPS = 10


@dataclass(frozen=True)
class HeatCell:
    """A class's figure in per cent as text, its interval and n, and its shade from 0 to STEPS."""

    text: str
    told: str
    shade: int


@dataclass(frozen=True)
class Heat:
    """Classes across, methods down; None where a class was not measured."""

    classes: tuple[str, ...]
    rows: tuple[tuple[Entry, tuple[HeatCell | None, ...]], ...]


def heat_of(board: Board) -> Heat | None:
    """The board's heat map; None where no method has a figure by class."""
    classes = list(dict.fromkeys(name for entry in board.entries for name in classes_of(entry)))
    if not classes:
        return None
    rows = tuple(
        (entry, tuple(_cell(entry.figure(METRIC, f"class={name}")) for name in classes))
        for entry in board.entries
        if classes_of(entry)
    )
    return Heat(tuple(classes), rows)


def classes_of(entry: Entry) -> list[str]:
    """Classes that a method was measured on."""
    return [
        row.group.removeprefix("class=")
        for row in entry.result.estimates
        if row.metric == METRIC and row.group.startswith("class=") and row.reading == "excluded"
    ]


def _cell(row: EstimateRow | None) -> HeatCell | None:
    if row is None:
        return None
    shade = min(max(round(row.value * STEPS), 0), STEPS)
    told = f"[{100 * row.low:.1f}, {100 * row.high:.1f}], n {row.n}"
    return HeatCell(f"{100 * row.value:.0f}", told, shade)
