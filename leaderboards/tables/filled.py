"""A filled table: what every renderer gets."""

from __future__ import annotations

from dataclasses import dataclass

LABELS = {"P": "published", "R": "measured on the real suite", "M": "measured on mema-mini"}


@dataclass(frozen=True)
class Value:
    """One labelled figure: ``shown`` is its text, ``suffix`` what a paper puts behind it, as %."""

    label: str
    shown: str
    suffix: str
    interval: str
    value: float | None
    low: float | None
    high: float | None
    n: int | None
    source: str


@dataclass(frozen=True)
class Cell:
    """The figures of a cell, one per label at most, and the marks of the notes on it."""

    values: tuple[Value, ...] = ()
    marks: tuple[str, ...] = ()

    def get(self, label: str) -> Value | None:
        """Return the figure under a label."""
        return next((value for value in self.values if value.label == label), None)


@dataclass(frozen=True)
class Column:
    """A column's heading; ``added`` where the paper has no such column."""

    title: str
    over: str
    better: str
    added: bool


@dataclass(frozen=True)
class Row:
    """A row with as many texts as the table has ``about``, as many cells as it has columns."""

    title: str
    about: tuple[str, ...]
    cells: tuple[Cell, ...]
    added: bool


@dataclass(frozen=True)
class Remark:
    """A footnote: its mark (the inconsistency's id, or a letter) and its text."""

    mark: str
    text: str


@dataclass(frozen=True)
class Filled:
    """One table, ready to be written."""

    paper: str
    table: str
    name: str
    title: str
    head: str
    about: tuple[str, ...]
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    remarks: tuple[Remark, ...]

    def labels(self) -> tuple[str, ...]:
        """Labels that occur in the table, P before R before M."""
        present = {value.label for row in self.rows for cell in row.cells for value in cell.values}
        return tuple(label for label in LABELS if label in present)
