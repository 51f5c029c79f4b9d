"""The papers' tables for their page: texts alone, in the order of the papers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from medbench.leaderboards.site.shelf import slug_of
from medbench.leaderboards.tables.build import build
from medbench.leaderboards.tables.filled import Cell, Filled
from medbench.leaderboards.tables.text import column_title, heading, legend, remarks, row_title, spans


def papers_view(results: Path) -> dict[str, Any]:
    """Everything that templates/papers.html asks for."""
    filled = build(results=results)
    return {"legend": legend(filled), "tables": [_table(table) for table in filled]}


def _table(table: Filled) -> dict[str, Any]:
    return {
        "id": slug_of(f"{table.paper}-{table.table}"),
        "name": f"{table.paper} {table.table}",
        "heading": heading(table),
        "head": table.head,
        "about": table.about,
        "spans": spans(table.columns),
        "columns": [column_title(column) for column in table.columns],
        "rows": [
            {
                "title": row_title(row.title, row.added),
                "about": row.about,
                "cells": [_values(cell) for cell in row.cells],
            }
            for row in table.rows
        ],
        "remarks": remarks(table),
    }


def _values(cell: Cell) -> Sequence[dict[str, str]]:
    return [
        {
            "label": value.label,
            "text": " ".join(part for part in (value.shown + value.suffix, value.interval) if part),
            "marks": ", ".join(cell.marks) if value.label == "P" else "",
        }
        for value in cell.values
    ]
