"""The way from data to tables, and the formats they are written in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from typing import Any

from medbench.core import MedbenchError
from medbench.leaderboards.published.read import read_published
from medbench.leaderboards.tables.fill import fill
from medbench.leaderboards.tables.filled import Filled
from medbench.leaderboards.tables.layout import pick, read_layouts
from medbench.leaderboards.tables.measured import RESULTS, Measured

_HERE = "medbench.leaderboards.tables"
FORMATS = {
    "md": f"{_HERE}.markdown:to_markdown",
    "csv": f"{_HERE}.comma:to_csv",
    "latex": f"{_HERE}.latex:to_latex",
    "html": f"{_HERE}.page:to_html",
}
BEGIN, END = "<!-- tables: begin -->", "<!-- tables: end -->"


def build(paper: str | None = None, table: str | None = None, results: Path = RESULTS) -> list[Filled]:
    """Return the tables asked for, filled; all of both papers by default.

    Raises:
        MedbenchError: no such table, or a file of figures is not sound.

    """
    published, measured = read_published(), Measured.read(results)
    return [fill(layout, published, measured) for layout in pick(read_layouts(), paper, table)]


def render(tables: Sequence[Filled], form: str) -> str:
    """Write tables as ``md``, ``csv``, ``latex`` or ``html``."""
    module, _, name = FORMATS[form].partition(":")
    write: Callable[[Sequence[Filled]], str] = getattr(import_module(module), name)
    return write(tables)


def as_data(tables: Sequence[Filled]) -> list[dict[str, Any]]:
    """Tables as plain data, for JSON."""
    return [asdict(table) for table in tables]


def placed(text: str, file: Path, begin: str = BEGIN, end: str = END) -> str:
    """What ``file`` is to hold: ``text``, or the file's own words with ``text`` between its two marks.

    Raises:
        MedbenchError: the file has one mark only.

    """
    old = file.read_text(encoding="utf-8") if file.is_file() else ""
    if begin not in old:
        return text
    before, _, rest = old.partition(begin)
    if end not in rest:
        raise MedbenchError(f"{file}: the line {end} is missing below {begin}")
    return f"{before}{begin}\n\n{text}\n{end}{rest.partition(end)[2]}"
