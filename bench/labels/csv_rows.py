"""The rows of a CSV in UTF-8, with comma, semicolon or tab; nothing is guessed at."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from medbench.core import MedbenchError

_DELIMITERS = ",;\t"
_ENCODINGS = {
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
    b"PK\x03\x04": "Excel",
    b"\xd0\xcf\x11\xe0": "Excel",
}


def read_csv_rows(file: Path) -> list[list[str]]:
    """Read every row as text; empty rows at the end are dropped.

    Raises:
        MedbenchError: no such file, another encoding (row and cell named), or damaged quotes.

    """
    text = _text(file)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True))
    except csv.Error as error:
        raise MedbenchError(f"{file}: cannot be read as CSV ({error}); save it again as CSV UTF-8") from None
    while rows and not any(cell.strip() for cell in rows[-1]):
        rows.pop()
    return rows


def _text(file: Path) -> str:
    try:
        data = file.read_bytes()
    except OSError as error:
        raise MedbenchError(f"{file}: cannot be read ({error.strerror}); give a CSV file") from None
    for magic, what in _ENCODINGS.items():
        if data.startswith(magic):
            raise MedbenchError(f"{file}: is a file in {what}; save it as CSV UTF-8")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = data.count(b"\n", 0, error.start) + 1
        line = data[data.rfind(b"\n", 0, error.start) + 1 : error.start]
        cell = max(line.count(mark.encode()) for mark in _DELIMITERS) + 1
        raise MedbenchError(
            f"{file}: row {row}, cell {cell} is not in UTF-8{_title(data, cell)}; save the file as CSV UTF-8"
        ) from None


def _title(data: bytes, cell: int) -> str:
    """Name the column too, where the first line tells it."""
    head = data.split(b"\n", 1)[0].decode("utf-8-sig", errors="replace")
    titles = head.strip().split(_delimiter(head))
    return f" (column {titles[cell - 1].strip()!r})" if cell <= len(titles) else ""


def _delimiter(text: str) -> str:
    return max(_DELIMITERS, key=text.split("\n", 1)[0].count)
