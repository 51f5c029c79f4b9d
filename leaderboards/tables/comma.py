"""Tables as CSV in the papers' layout: one column per label and bound, empty where there is no figure."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from medbench.leaderboards.tables.filled import Cell, Filled
from medbench.leaderboards.tables.text import remarks, row_title

FIELDS = ("value", "low", "high", "n")


def to_csv(tables: Sequence[Filled]) -> str:
    """Table after table, an empty line between them; footnotes are rows whose first cell is ``note``."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    for number, table in enumerate(tables):
        if number:
            text.write("\n")
        used = _used(table)
        columns = [
            f"{' / '.join(part for part in (column.over, column.title) if part)} [{label} {field}]"
            for column, fields in zip(table.columns, used, strict=True)
            for label, field in fields
        ]
        writer.writerow([f"{table.paper} {table.table}", *map(safe, table.about), *map(safe, columns)])
        for row in table.rows:
            cells = [
                _field(cell, label, field)
                for cell, fields in zip(row.cells, used, strict=True)
                for label, field in fields
            ]
            writer.writerow([safe(row_title(row.title, row.added)), *map(safe, row.about), *cells])
        for remark in remarks(table):
            writer.writerow(["note", safe(remark)])
    return text.getvalue()


def safe(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def _used(table: Filled) -> list[list[tuple[str, str]]]:
    """For each column the (label, field) pairs that some row fills; its value at least."""
    used = []
    for place in range(len(table.columns)):
        cells = [row.cells[place] for row in table.rows]
        pairs = [(label, field) for label in table.labels() for field in FIELDS]
        filled = [pair for pair in pairs if any(_field(cell, *pair) for cell in cells)]
        used.append(filled or [("P", "value")])
    return used


def _field(cell: Cell, label: str, field: str) -> str:
    value = cell.get(label)
    if value is None:
        return ""
    if field == "value":
        return value.shown
    found = getattr(value, field)
    return "" if found is None else f"{found:.6g}" if isinstance(found, float) else str(found)
