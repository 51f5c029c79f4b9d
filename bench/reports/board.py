"""From results to a board: rows of methods, columns of headline figures, every cell as text."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from medbench.reports.headlines import ARROWS, BETTER, HEADLINES, PARTS, Headline

if TYPE_CHECKING:
    from medbench.result import EstimateRow, Result

DRAWN = ("mema-mini",)


@dataclass(frozen=True)
class Cell:
    """A figure as text: ``value``, ``interval`` as [low, high], and ``note`` (n, chance, a flag)."""

    value: str
    interval: str = ""
    note: str = ""


@dataclass(frozen=True)
class Part:
    """One part of a board: a title, column titles, and a row of cells per method."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]


def boards(results: Sequence[Result]) -> list[tuple[str, list[Part]]]:
    """One board per suite and selection: its caption and its parts. Suites never share a column."""
    by_suite: dict[tuple[str, ...], list[Result]] = {}
    for result in results:
        suite = result.suite
        by_suite.setdefault((suite.name, suite.split, suite.fingerprint, suite.selection), []).append(result)
    return [(caption(group[0]), _parts(group)) for group in by_suite.values()]


def caption(result: Result) -> str:
    """What the figures were measured on."""
    suite = result.suite
    kind = "drawn faces" if suite.name in DRAWN else "generated faces" if suite.synthetic else ""
    return (
        f"measured on {suite.name}{f' ({kind})' if kind else ''}, "
        f"split {suite.split}, {suite.n} images, seed {result.seed}"
    )


def label(result: Result) -> str:
    """A method's name with its preset (where it is not the only one) and its backend."""
    method = result.method
    several = len(method.card.get("presets", ())) > 1
    return f"{method.name}{f':{method.preset}' if several else ''} ({method.backend})"


def cell(row: EstimateRow | None, headline: Headline) -> Cell:
    """Write one figure; a dash where it was not measured."""
    if row is None or math.isnan(row.value):
        return Cell("–")
    scale = 100.0 if headline.percent else 1.0
    value, low, high = (_number(number * scale, headline.digits) for number in (row.value, row.low, row.high))
    notes = [f"n {row.n}"]
    if row.chance is not None and row.metric == "rank1_identification":
        notes.append(f"chance {_number(row.chance * scale, headline.digits)}")
    if row.degenerate:
        notes.append("no variation")
    return Cell(value, f"[{low}, {high}]", ", ".join(notes))


def _number(value: float, digits: int) -> str:
    return "–" if math.isnan(value) else f"{value:.{digits}f}"


def _parts(results: Sequence[Result]) -> list[Part]:
    return [part for title in PARTS if (part := _part(title, results)) is not None]


def _part(title: str, results: Sequence[Result]) -> Part | None:
    found = {
        headline: [cell(result.estimate(headline.metric, headline.group), headline) for result in results]
        for headline in HEADLINES
        if headline.part == title
    }
    found = {h: cells for h, cells in found.items() if any(c.value != "–" for c in cells)}
    if not found:
        return None
    first = title == PARTS[0]
    rows = []
    for number, result in enumerate(results):
        cells = tuple(column[number] for column in found.values())
        if any(c.value != "–" for c in cells) or first:
            rows.append((label(result), (*cells, _failed(result)) if first else cells))
    columns = tuple(f"{h.title} {ARROWS[BETTER[h.metric]]}" for h in found)
    return Part(title, (*columns, "failed") if first else columns, tuple(rows))


def _failed(result: Result) -> Cell:
    counts = result.counts
    return Cell(str(counts.n_failed), "", f"of {counts.n_failed + counts.n_protected}")
