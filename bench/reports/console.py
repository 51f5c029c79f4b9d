"""Boards and figures on a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from medbench.reports.board import Cell, Part, boards, caption, label
from medbench.reports.figures import figure_rows, skipped_rows
from medbench.reports.remarks import missing_lines
from medbench.reports.training_overlap import overlap_lines

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from medbench.reports.overview import Overview
    from medbench.result import Result

#: Columns of what is no terminal: a file, a pipe.
PLAIN_WIDTH = 140


def print_board(results: Sequence[Result], console: Console | None = None) -> None:
    """Print a board per suite: its caption, a table per part, and the figures that are missing and why."""
    console = console or _console()
    for head, parts in boards(results):
        console.print()
        console.print(head, style="bold", markup=False, highlight=False)
        for part in parts:
            one_line = _table(part, one_line=True)
            fits = console.measure(one_line).maximum <= console.width
            console.print(one_line if fits else _table(part, one_line=False))
    for line in (*missing_lines(results), *overlap_lines(results)):
        console.print(line, markup=False, highlight=False)
    console.print(
        "value [95 % interval, subjects resampled]; failed images are left out of the figures, "
        "the other reading is in `medbench show RUN --all`",
        style="dim",
        markup=False,
        highlight=False,
    )


def print_overview(overview: Overview, console: Console | None = None) -> None:
    """Print one table of all methods, and below it why some have no figures."""
    from medbench.reports.overview import NOTE, first_line

    console = console or _console()
    table = _bare(*overview.titles)
    table.padding = (0, 1, 0, 0)
    for row in overview.rows:
        table.add_row(*(_text(cell, one_line=False) for cell in row))
    console.print(f"\n{overview.caption}", style="bold", markup=False, highlight=False)
    console.print(table)
    for line in overlap_lines(overview.results):
        console.print(line, markup=False, highlight=False)
    for name, why in overview.absent.items():
        console.print(f"{name} did not run: {first_line(why)}", markup=False, highlight=False)
    console.print(NOTE, style="dim", markup=False, highlight=False)


def print_figures(result: Result, console: Console | None = None) -> None:
    """Print every figure of one result, and what was skipped and why."""
    console = console or _console()
    console.print()
    console.print(f"{label(result)}, {caption(result)}", style="bold", markup=False, highlight=False)
    table = _bare("metric", "group", "reading", "value", "interval", "n", "unit", "chance", "")
    for row in figure_rows(result):
        table.add_row(*row)
    console.print(table)
    for name, reason in skipped_rows(result):
        console.print(f"not measured: {name}: {reason}", markup=False, highlight=False)


def _console() -> Console:
    from rich.console import Console

    console = Console()
    return console if console.is_terminal else Console(width=PLAIN_WIDTH)


def _table(part: Part, one_line: bool) -> Table:
    table = _bare(part.title, *part.columns)
    for name, cells in part.rows:
        table.add_row(name, *(_text(cell, one_line) for cell in cells))
    return table


def _text(cell: Cell, one_line: bool) -> str:
    figure = (" " if one_line else "\n").join(text for text in (cell.value, cell.interval) if text)
    return f"{figure}\n{cell.note}" if cell.note else figure


def _bare(*titles: str) -> Table:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for number, title in enumerate(titles):
        table.add_column(Text(title), justify="left" if number == 0 else "right", overflow="fold")
    return table
