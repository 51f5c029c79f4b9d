"""What the front page shows of each board."""

from __future__ import annotations

from typing import Any

from medbench.leaderboards.site.board_table import Row, columns_of, parts_of, rows_of, usual_n
from medbench.leaderboards.site.heat import heat_of
from medbench.leaderboards.site.pareto import panels_of
from medbench.leaderboards.site.pareto_plot import pareto_svg
from medbench.leaderboards.site.rank_plot import rank_svg
from medbench.leaderboards.site.ranks import ranked
from medbench.leaderboards.site.shelf import KEPT, Board, Entry
from medbench.reports.board import caption

#: Figures that the filters ask for, in per cent.
MATCHES = ("face_matching_rate", "all")
FORMATS = {".csv": "CSV", ".json": "JSON", ".tex": "LaTeX", ".bib": "BibTeX", ".zip": "every figure (ZIP)"}


def board_view(board: Board) -> dict[str, Any]:
    """Everything that templates/board.html asks for."""
    columns = columns_of(board)
    rows = rows_of(board, columns)
    better = [column for column in columns if column.better and column.part != "Back with the key"]
    firm = ranked(board, better)
    titles = {row.entry.slug: _short(row.entry) for row in rows}
    starts = [i == 0 or column.part != columns[i - 1].part for i, column in enumerate(columns)]
    return {
        "board": board,
        "suite": board.entries[0].result.suite.title,
        "caption": caption(board.entries[0].result),
        "columns": columns,
        "starts": starts,
        "parts": parts_of(columns),
        "rows": [_row(row) for row in rows],
        "backends": sorted({entry.result.method.backend for entry in board.entries}),
        "n": usual_n(board),
        "panels": [(panel, pareto_svg(panel) if panel.points else "") for panel in panels_of(board)],
        "ranks": rank_svg(titles, better, firm) if len(firm) > 1 else None,
        "heat": heat_of(board),
        "downloads": _downloads(board),
    }


def _downloads(board: Board) -> list[tuple[str, str]]:
    names = [f"{board.slug}{ending}" for ending in (".csv", ".json", ".tex", ".bib")]
    names.append(f"{board.slug}-all-figures.zip")
    return [(name, FORMATS[name[name.rindex(".") :]]) for name in names]


def _short(entry: Entry) -> str:
    method = entry.result.method
    return f"{method.name} {method.preset}" if _several(entry) else method.name


def _several(entry: Entry) -> bool:
    return len(entry.result.method.card.get("presets", ())) > 1


def _row(row: Row) -> dict[str, Any]:
    result = row.entry.result
    return {
        "entry": row.entry,
        "cells": row.cells,
        "preset": result.method.preset if _several(row.entry) else "",
        "kept": _percent(row.entry, KEPT),
        "matches": _percent(row.entry, MATCHES),
        "tried": result.counts.n_failed + result.counts.n_protected,
        "speed": result.timing.get("images_per_second"),
    }


def _percent(entry: Entry, key: tuple[str, str]) -> str:
    row = entry.figure(*key)
    return f"{100 * row.value:.6g}" if row else ""
