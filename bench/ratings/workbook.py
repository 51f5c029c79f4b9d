"""A workbook's only filled sheet as cells. Formulas are not computed, and nothing in it is run."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

from medbench.core import MedbenchError, Unavailable
from medbench.ratings.sheet import Cell

#: A workbook unpacks to more than it weighs; a graders' sheet stays far below this.
MOST_BYTES = 50_000_000
MOST_ROWS = 100_000


def workbook_rows(file: Path) -> list[list[Cell]]:
    """Read the rows of the one sheet that holds something.

    Raises:
        MedbenchError: no workbook, more than one filled sheet, or too large.
        Unavailable: openpyxl is not installed.

    """
    try:
        from openpyxl import load_workbook
    except ImportError:
        raise Unavailable(f"{file}: Excel sheets need openpyxl: pip install 'medbench[ratings]'") from None
    _check_size(file)
    try:
        book = load_workbook(file, data_only=False)
        filled = [(sheet.title, _rows(sheet)) for sheet in book.worksheets]
    except MedbenchError:
        raise
    except Exception as error:  # openpyxl raises whatever it meets in a damaged file
        raise MedbenchError(f"{file}: cannot be read as a workbook ({error}); save it again") from None
    filled = [(title, rows) for title, rows in filled if rows]
    if len(filled) > 1:
        names = ", ".join(title for title, _ in filled)
        raise MedbenchError(f"{file}: has {len(filled)} filled sheets ({names}); leave one")
    return filled[0][1] if filled else []


def _check_size(file: Path) -> None:
    try:
        with zipfile.ZipFile(file) as archive:
            size = sum(part.file_size for part in archive.infolist())
    except (OSError, zipfile.BadZipFile):
        raise MedbenchError(f"{file}: is no Excel workbook (.xlsx); save it again as one") from None
    if size > MOST_BYTES:
        raise MedbenchError(
            f"{file}: unpacks to {size // 1_000_000} MB, too large for a sheet; save it again"
        )


def _rows(sheet: Any) -> list[list[Cell]]:
    if sheet.max_row > MOST_ROWS:
        raise MedbenchError(f"the sheet {sheet.title!r} has {sheet.max_row} rows; clear those that are empty")
    rows = [[_cell(cell) for cell in row] for row in sheet.iter_rows()]
    while rows and not any(cell.text or cell.fault for cell in rows[-1]):
        rows.pop()
    return rows


def _cell(cell: Any) -> Cell:
    value = cell.value
    if value is None:
        return Cell("")
    if cell.data_type == "f":
        return Cell(str(value), "is a formula; write the value itself")
    if cell.is_date:
        shown = value.isoformat() if hasattr(value, "isoformat") else str(value)
        return Cell(shown, "is an Excel date; format the column as text and write the grade again")
    if cell.data_type == "e":
        return Cell(str(value), "is an error of Excel; write the value itself")
    if isinstance(value, bool):
        return Cell(str(value).upper())
    if isinstance(value, float) and value.is_integer():
        return Cell(str(int(value)))
    return Cell(str(value).strip())
