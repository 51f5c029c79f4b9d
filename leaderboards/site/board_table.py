"""The board's table: a column per headline figure, a row per method, each cell with its interval drawn."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from medbench.leaderboards.site.shelf import Board, Entry
from medbench.leaderboards.site.svg import Scale, tag
from medbench.reports.board import cell
from medbench.reports.headlines import ARROWS, BETTER, HEADLINES, PARTS, Headline
from medbench.result import EstimateRow

WIDTH, HEIGHT = 72, 8
#: Attackers that learn: figures of attacks.json, beside the run's own.
ATTACKED = (
    Headline("Hidden", "AUC informed", "auc_informed", "all", False, 3),
    Headline("Hidden", "AUC reconstructing", "auc_reconstructing", "all", False, 3),
)


@dataclass(frozen=True)
class Column:
    """A headline that at least one method has; ``better`` is higher, lower or empty."""

    headline: Headline
    part: str
    title: str
    better: str

    @property
    def arrow(self) -> str:
        """Which way is better, as an arrow."""
        return ARROWS.get(self.better, "")


@dataclass(frozen=True)
class TableCell:
    """A figure as text, the number it sorts by (None: not measured), and its interval as a drawing."""

    value: str
    interval: str
    note: str
    sort: float | None
    bar: Markup


@dataclass(frozen=True)
class Row:
    """A method and its cells, in the order of the columns."""

    entry: Entry
    cells: tuple[TableCell, ...]


def columns_of(board: Board) -> list[Column]:
    """Headlines that somebody on the board has, part by part."""
    found = [h for h in (*HEADLINES, *ATTACKED) if any(e.figure(h.metric, h.group) for e in board.entries)]
    ordered = sorted(found, key=lambda h: PARTS.index(h.part))
    return [
        Column(h, h.part, h.title, BETTER.get(h.metric, "lower" if h in ATTACKED else "")) for h in ordered
    ]


def parts_of(columns: list[Column]) -> list[tuple[str, int]]:
    """Each part's title and how many columns it spans, in order."""
    parts = dict.fromkeys(column.part for column in columns)
    return [(part, sum(column.part == part for column in columns)) for part in parts]


def rows_of(board: Board, columns: list[Column]) -> list[Row]:
    """A row per method; bars of a column share one scale."""
    filled = [[_cell(entry, column, _reach(board, column)) for column in columns] for entry in board.entries]
    return [Row(entry, tuple(cells)) for entry, cells in zip(board.entries, filled, strict=True)]


def usual_n(board: Board) -> int:
    """The n that stands for a cell that names none: how many images the board's runs took."""
    return board.entries[0].result.suite.n


def _cell(entry: Entry, column: Column, reach: tuple[float, float] | None) -> TableCell:
    headline = column.headline
    row = entry.figure(headline.metric, headline.group)
    if row is None:
        return TableCell("–", "", "not measured", None, Markup(""))
    text = cell(row, headline)
    note = ", ".join(part for part in text.note.split(", ") if part != f"n {entry.result.suite.n}")
    return TableCell(text.value, text.interval, note, row.value, _bar(row, reach) if reach else Markup(""))


def _reach(board: Board, column: Column) -> tuple[float, float] | None:
    """Ends of the column's scale; None where one method alone would make its own scale."""
    rows = [e.figure(column.headline.metric, column.headline.group) for e in board.entries]
    ends = [end for row in rows if row for end in (row.value, row.low, row.high) if end == end]
    low, high = min(ends, default=0.0), max(ends, default=1.0)
    if column.headline.percent or (low >= 0 and high <= 1):
        return 0.0, max(1.0, high)
    if len(board.entries) == 1:
        return None
    return min(0.0, low), high if high > low else low + 1


def _bar(row: EstimateRow, reach: tuple[float, float]) -> Markup:
    at = Scale(*reach, 4, WIDTH - 4)
    whisker = tag("path", d=f"M{at(row.low):.1f} 4H{at(row.high):.1f}") if row.low == row.low else ""
    dot = tag("circle", cx=at(row.value), cy=4, r=3)
    return tag(
        "svg",
        whisker,
        dot,
        class_="ci",
        viewBox=f"0 0 {WIDTH} {HEIGHT}",
        aria_hidden="true",
    )
