"""What a method's page shows."""

from __future__ import annotations

import os
from typing import Any

from medbench.core import MedbenchError
from medbench.leaderboards.site.board_table import Column, TableCell, columns_of, parts_of, rows_of
from medbench.leaderboards.site.data_cards import read_data_cards
from medbench.leaderboards.site.figures_table import attack_group, figure_groups, on_page
from medbench.leaderboards.site.heat import METRIC, classes_of
from medbench.leaderboards.site.interval_plot import interval_svg
from medbench.leaderboards.site.reproduce import command_of
from medbench.leaderboards.site.sheets import Sheet, sheet_of, shown
from medbench.leaderboards.site.shelf import Board, Entry, slug_of
from medbench.reports.board import caption


def method_view(board: Board, entry: Entry, sheets: bool, whole: bool = False) -> dict[str, Any]:
    """Everything that templates/method.html asks for.

    ``sheets`` allows drawn faces to be rendered; ``whole`` lists every class and subgroup.
    """
    columns = columns_of(board)
    cells = next(row.cells for row in rows_of(board, columns) if row.entry is entry)
    parts = parts_of([c for c, cell in zip(columns, cells, strict=True) if cell.sort is not None])
    sheet, why = _sheet(entry, sheets)
    listed = [row for row in entry.result.estimates if whole or on_page(row)]
    return {
        "entry": entry,
        "kind": board.kind,
        "caption": caption(entry.result),
        "headlines": [
            (part, _tiles(entry, part, list(zip(columns, cells, strict=True)))) for part, _ in parts
        ],
        "sheet": sheet,
        "no_sheet": why,
        "suite_slug": slug_of(entry.result.suite.name),
        "data_slug": next((c.slug for c in read_data_cards() if c.name == entry.result.suite.name), ""),
        "command": command_of(entry.result),
        "forest": forest_of(entry),
        "left_out": len(entry.result.estimates) - len(listed),
        "groups": figure_groups(listed) + attack_group(entry.attacks),
        "skipped": _skipped(entry),
    }


def _skipped(entry: Entry) -> dict[str, list[str]]:
    """Metrics without a figure, by the reason that they share."""
    found: dict[str, list[str]] = {}
    for one in entry.result.skipped:
        found.setdefault(one.reason, []).append(one.metric)
    return found


def _tiles(entry: Entry, part: str, cells: list[tuple[Column, TableCell]]) -> list[dict[str, Any]]:
    found = []
    for column, cell in cells:
        row = entry.figure(column.headline.metric, column.headline.group)
        if column.part == part and row is not None:
            n = f"n {row.n}"
            rest = [text for text in cell.note.split(", ") if text not in ("", n)]
            title = f"{column.title} {column.arrow}"
            found.append({"title": title, "cell": cell, "note": ", ".join([n, *rest])})
    return found


def forest_of(entry: Entry) -> str | None:
    """Diagnosis accuracy by class with intervals; None where it was not measured by class."""
    rows = [(name, entry.figure(METRIC, f"class={name}")) for name in classes_of(entry)]
    known = [(name, row) for name, row in rows if row is not None]
    if not known:
        return None
    whole = entry.figure(METRIC)
    told = "; ".join(f"{name} {100 * row.value:.0f} %" for name, row in known)
    title = f"Diagnosis accuracy of {entry.title} by class: {told}"
    return interval_svg(known, title, whole.chance if whole else None)


def _sheet(entry: Entry, sheets: bool) -> tuple[Sheet | None, str]:
    if not shown(entry):
        return None, "No faces are shown: this suite’s pictures are not drawn by medbench."
    if not sheets:
        return None, "The site was built without faces."
    try:
        return sheet_of(entry), ""
    except MedbenchError:
        return None, "The method is not installed where the site was built, so no faces are shown."
    except Exception as error:  # a method of others may raise whatever it likes
        if os.environ.get("MEDBENCH_DEBUG"):
            raise
        return None, f"The method could not be run where the site was built ({type(error).__name__})."
