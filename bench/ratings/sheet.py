"""A filled sheet as it was written: every cell as text, with what a spreadsheet made of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from medbench.core import MedbenchError

SUFFIXES = (".csv", ".tsv", ".xlsx")


@dataclass(frozen=True)
class Cell:
    """``text`` without blanks around it; ``fault`` where the spreadsheet holds something else than text."""

    text: str
    fault: str | None = None


@dataclass(frozen=True)
class Sheet:
    """Titles, and the rows below them by their number in the file: the first row below is 2."""

    file: Path
    titles: tuple[str, ...]
    rows: tuple[tuple[int, tuple[Cell, ...]], ...]


def read_sheet(file: Path) -> Sheet:
    """Read a CSV or a workbook's only filled sheet; empty rows are dropped.

    Raises:
        MedbenchError: the file cannot be read; the message names row and column where it can.

    """
    if file.suffix.lower() == ".xlsx":
        from medbench.ratings.workbook import workbook_rows

        rows = workbook_rows(file)
    else:
        from medbench.labels.csv_rows import read_csv_rows

        rows = [[Cell(text.strip()) for text in row] for row in read_csv_rows(file)]
    if not rows:
        raise MedbenchError(f"{file}: is empty; give the sheet that the grader filled in")
    titles = tuple(cell.text for cell in rows[0])
    while titles and not titles[-1]:
        titles = titles[:-1]
    for column, title in enumerate(titles, start=1):
        if not title or titles.count(title) > 1:
            what = f"{titles.count(title)} columns {title!r}" if title else f"no title in column {column}"
            raise MedbenchError(f"{file}: row 1 has {what}; correct the titles")
    kept = []
    for number, row in enumerate(rows[1:], start=2):
        if not any(cell.text or cell.fault for cell in row):
            continue
        if any(cell.text or cell.fault for cell in row[len(titles) :]):
            raise MedbenchError(f"{file}: row {number} has cells to the right of the last title; correct it")
        padded = (*row[: len(titles)], *[Cell("")] * (len(titles) - len(row)))
        kept.append((number, padded))
    return Sheet(file, titles, tuple(kept))


def sheet_files(places: Iterable[Path]) -> list[Path]:
    """The sheets among files and folders, sorted by name; a workbook that is open in Excel is left out.

    Raises:
        MedbenchError: there is none.

    """
    found: list[Path] = []
    for place in places:
        inside = sorted(place.iterdir()) if place.is_dir() else [place]
        found += [file for file in inside if file.suffix.lower() in SUFFIXES and file.name[:2] != "~$"]
        if not place.exists():
            raise MedbenchError(f"{place}: no such file or folder; give the graders' sheets")
    if not found:
        raise MedbenchError("no sheets are there; give files or folders with .csv or .xlsx")
    return found
