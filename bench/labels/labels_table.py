"""A clinic's CSV with two columns of labels, read so that no cell is guessed at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from medbench.core import MedbenchError
from medbench.labels.csv_rows import read_csv_rows
from medbench.labels.missing import MISSING


@dataclass(frozen=True)
class LabelsTable:
    """Two readings of each row, as written; ``subjects`` where a column of them was named.

    ``file`` and ``columns`` (titles of truth and pred) are for messages.
    """

    file: Path
    columns: tuple[str, str]
    truth: tuple[str, ...]
    pred: tuple[str, ...]
    subjects: tuple[str, ...] | None


def read_labels(file: Path, truth: str, pred: str, subject: str | None = None) -> LabelsTable:
    """Read two columns of a CSV (comma, semicolon or tab; UTF-8).

    Raises:
        MedbenchError: no such file or column, an empty cell, a row too long or too short, another
            encoding, or labels that differ by capitals or blanks only. It names row and column:
            row 1 is the line of titles.

    """
    rows = read_csv_rows(file)
    titles = [title.strip() for title in rows[0]] if rows else []
    asked = [truth, pred, *([subject] if subject else [])]
    columns = [_place(file, titles, name) for name in asked]
    found: list[tuple[str, ...]] = []
    for number, row in enumerate(rows[1:], start=2):
        if not any(cell.strip() for cell in row):
            raise MedbenchError(f"{file}: row {number} is empty; remove it")
        if len(row) != len(titles):
            raise MedbenchError(
                f"{file}: row {number} has {len(row)} cells and the titles are {len(titles)}; correct it"
            )
        for name, column in zip(asked, columns, strict=True):
            if row[column].strip().casefold() in MISSING:
                raise MedbenchError(
                    f"{file}: row {number}, column {name!r} holds no label ({row[column].strip()!r}); "
                    "fill it in or remove the row"
                )
        found.append(tuple(row[column].strip() for column in columns))
    if not found:
        raise MedbenchError(f"{file}: holds no rows below its titles")
    _no_two_spellings(file, asked[:2], found)
    read = list(zip(*found, strict=True))
    return LabelsTable(file, (truth, pred), read[0], read[1], read[2] if subject else None)


def _place(file: Path, titles: Sequence[str], name: str) -> int:
    places = [i for i, title in enumerate(titles) if title == name]
    if not places:
        raise MedbenchError(f"{file}: has no column {name!r}; its columns are {', '.join(titles)}")
    if len(places) > 1:
        raise MedbenchError(f"{file}: has {len(places)} columns {name!r}; rename one")
    return places[0]


def _no_two_spellings(file: Path, names: Sequence[str], rows: Sequence[tuple[str, ...]]) -> None:
    """``Mild`` and ``mild`` may be one label or two: the clinic knows, a program does not."""
    first: dict[str, tuple[str, int, str]] = {}
    for number, row in enumerate(rows, start=2):
        for name, label in zip(names, row, strict=False):
            key = _loose(label)
            known, where, column = first.setdefault(key, (label, number, name))
            if known != label:
                raise MedbenchError(
                    f"{file}: row {number}, column {name!r} says {label!r}, and row {where}, column "
                    f"{column!r} says {known!r}; write one label one way"
                )


def _loose(label: str) -> str:
    """The label without capitals and blanks; a number by its value, so that 1 and 1.0 meet."""
    plain = "".join(label.casefold().split())
    try:
        return f"{float(plain):g}"
    except ValueError:
        return plain
