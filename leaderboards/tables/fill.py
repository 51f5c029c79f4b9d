"""Fill a layout with what was published and what was measured."""

from __future__ import annotations

from collections.abc import Iterable
from string import ascii_lowercase
from typing import TYPE_CHECKING, TypeVar

from medbench.leaderboards.tables.filled import Cell, Column, Filled, Remark, Row, Value
from medbench.leaderboards.tables.footnotes import computed
from medbench.leaderboards.tables.layout import Entry, Key, Layout, Measure

if TYPE_CHECKING:
    from medbench.leaderboards.published.row import Published
    from medbench.leaderboards.tables.measured import Measured, Variant

Merged = TypeVar("Merged", Key, Measure)


def fill(layout: Layout, published: tuple[Published, ...], measured: Measured) -> Filled:
    """Return the table with every figure that is known."""
    layout = _with_others(layout, measured)
    marks = _marks(layout)
    rows = [row for row in published if row.paper == layout.paper]

    def cell(row: Entry, column: Entry) -> Cell:
        key = _merged((layout.key, column.key, row.key), Key)
        printed = find(rows, key)
        values = [_printed(printed, row.suffix or column.suffix)] if printed else []
        if False not in (layout.measured, row.measured, column.measured):
            wanted = _merged((layout.measured, column.measured, row.measured), Measure)
            variant = _variant(wanted.method or key.method, measured)
            values += measured.values(key.suite, variant, wanted) if variant else []
        on = [
            mark
            for mark, note in zip(marks, layout.notes, strict=True)
            if printed and note.at and _fits(printed, note.at)
        ]
        return Cell(tuple(values), tuple(on))

    cells = [[cell(row, column) for column in layout.columns] for row in layout.rows]
    # A column of medbench's own with nothing in it says nothing.
    shown = [
        place
        for place, column in enumerate(layout.columns)
        if not column.added or any(line[place].values for line in cells)
    ]
    return Filled(
        paper=layout.paper,
        table=layout.table,
        name=layout.name,
        title=layout.title,
        head=layout.head,
        about=layout.about,
        columns=tuple(_column(layout.columns[place]) for place in shown),
        rows=tuple(
            Row(row.title, _about(layout, row), tuple(line[place] for place in shown), row.added)
            for row, line in zip(layout.rows, cells, strict=True)
        ),
        remarks=tuple(
            Remark(mark, note.text or computed(note.check, rows))
            for mark, note in zip(marks, layout.notes, strict=True)
        ),
    )


def find(rows: Iterable[Published], key: Key) -> Published | None:
    """Return the row that a whole key names, None where the paper prints no such figure."""
    wanted = (key.table, key.suite, key.method, key.metric, key.group)
    return next((row for row in rows if row.key[1:] == wanted), None)


def _with_others(layout: Layout, measured: Measured) -> Layout:
    """Add a row or a column for each measured variant that has none and some figure to show."""
    if not layout.others:
        return layout
    lines = layout.rows if layout.others == "rows" else layout.columns
    across = layout.columns if layout.others == "rows" else layout.rows
    bases = [one for one in across if one.measured is not False and layout.measured is not False]
    named = {_own(line) for line in lines}
    more = []
    for variant in measured.variants():
        if variant.usual and variant.name in named:
            continue
        name = f"{variant.name}@{variant.backend}@{variant.preset}"
        wanted = [_merged((layout.measured, one.measured), Measure) for one in bases]
        suites = [_merged((layout.key, one.key), Key).suite for one in bases]
        if any(measured.values(suite, variant, one) for suite, one in zip(suites, wanted, strict=True)):
            more.append(Entry(title=variant.title, added=True, measured=Measure(method=name)))
    return layout.model_copy(update={layout.others: (*lines, *more)})


def _own(line: Entry) -> str | None:
    return None if line.measured is False else line.measured.method or line.key.method


def _variant(name: str | None, measured: Measured) -> Variant | None:
    if name and "@" in name:
        return next(v for v in measured.variants() if f"{v.name}@{v.backend}@{v.preset}" == name)
    return measured.usual(name) if name else None


def _merged(parts: Iterable[Merged | bool], kind: type[Merged]) -> Merged:
    """The later part has the word where both speak."""
    said: dict[str, object] = {}
    for part in parts:
        if isinstance(part, kind):
            said |= part.model_dump(exclude_none=True)
    return kind(**said)  # type: ignore[arg-type]


def _marks(layout: Layout) -> list[str]:
    """The id of each note, a prime behind one that stands twice; notes without an id get a, b, c."""
    letters = iter(ascii_lowercase)
    marks: list[str] = []
    for note in layout.notes:
        mark = note.id or next(letters)
        marks.append(mark + "′" if mark in marks else mark)
    return marks


def _fits(row: Published, at: Key) -> bool:
    return all(getattr(row, field) == value for field, value in at.model_dump(exclude_none=True).items())


def _column(entry: Entry) -> Column:
    return Column(entry.title, entry.over, entry.better, entry.added)


def _about(layout: Layout, row: Entry) -> tuple[str, ...]:
    return row.about or ("",) * len(layout.about)


def _printed(row: Published, suffix: str) -> Value:
    shown = "lost" if row.value is None else str(row.value)
    interval = "" if row.low is None else f"[{row.low}, {row.high}]"
    value, low, high = (None if one is None else float(one) for one in (row.value, row.low, row.high))
    return Value(
        "P", shown, suffix if row.value is not None else "", interval, value, low, high, row.n, row.source
    )
