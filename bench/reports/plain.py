"""Boards as Markdown, figures as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

from medbench.reports.board import boards
from medbench.reports.figures import FIELDS, full_row

if TYPE_CHECKING:
    from medbench.reports.board import Cell, Part
    from medbench.result import Result


def to_markdown(results: Sequence[Result]) -> str:
    """A board per suite as Markdown tables."""
    lines: list[str] = []
    for head, parts in boards(results):
        lines += [f"**{head}**", ""]
        for part in parts:
            lines += [*_table(part), ""]
    return "\n".join(lines)


def to_csv(results: Sequence[Result]) -> str:
    """Every figure of every result, one line each, unrounded."""
    text = io.StringIO()
    table = csv.DictWriter(text, FIELDS, lineterminator="\n")
    table.writeheader()
    for result in results:
        table.writerows(full_row(result, row) for row in result.estimates)
    return text.getvalue()


def _table(part: Part) -> list[str]:
    head = [part.title, *part.columns]
    rule = ["---", *["---:"] * len(part.columns)]
    rows = [[name, *(cell_text(cell) for cell in cells)] for name, cells in part.rows]
    return [f"| {' | '.join(line)} |" for line in (head, rule, *rows)]


def cell_text(cell: Cell) -> str:
    """A cell in one line of Markdown: value, interval, and the note below."""
    note = f"<br>{cell.note}" if cell.note else ""
    return " ".join(text for text in (cell.value, cell.interval) if text) + note
