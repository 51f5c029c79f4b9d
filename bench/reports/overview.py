"""All methods in one table: backend, the main figures, failures, speed and memory; a row per method."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from medbench.reports.board import Cell, caption, cell
from medbench.reports.headlines import ANCHORS, ARROWS, BETTER, HEADLINES, Headline

if TYPE_CHECKING:
    from medbench.result import Result

#: Metrics of the columns, in this order, under the titles that a wide table leaves room for.
SHORT = {
    "face_matching_rate": "matches %",
    "rank1_identification": "rank-1 %",
    "diagnosis_accuracy": "diagnosis %",
    "diagnosis_retention": "retained %",
    "tumour_dice": "Dice",
    "psnr_restored": "PSNR dB",
}
COLUMNS = tuple(next(h for h in HEADLINES if h.metric == metric) for metric in SHORT)
#: What a cell's note may say once for its column.
_SHARED = ("n ", "chance ")
NOTE = (
    "value [95 % interval, subjects resampled]; failed images are left out of the figures; images/s of "
    "one process; MB: the most that a process held with the method and its judges"
)
BACKENDS = ("anchor", "classical", "mini", "paper", "upstream")


@dataclass(frozen=True)
class Overview:
    """One table: what it was measured on, results in the order of the rows, and methods without one.

    ``absent`` says of each method that has no result why that is so.
    """

    caption: str
    results: tuple[Result, ...]
    absent: Mapping[str, str] = field(default_factory=dict)

    @property
    def titles(self) -> tuple[str, ...]:
        """Titles of all columns; one n serves a column where all of its figures share it."""
        figures = (f"{SHORT[h.metric]} {ARROWS[BETTER[h.metric]]}{self._common(h)}" for h in COLUMNS)
        return ("method", "backend", *figures, f"failed\n{self._tried()}".strip(), "img/s", "MB")

    @property
    def rows(self) -> tuple[tuple[Cell, ...], ...]:
        """Cells of all rows: those of the results first, then those of the absent."""
        done = tuple(self._row(result) for result in self.results)
        width = len(COLUMNS)
        none = (Cell("–"),) * width
        return done + tuple(
            (Cell(name), Cell("–"), *none, Cell("not run"), Cell("–"), Cell("–")) for name in self.absent
        )

    def _row(self, result: Result) -> tuple[Cell, ...]:
        figures = tuple(self._figure(result, headline) for headline in COLUMNS)
        failed = Cell(str(result.counts.n_failed), "", "" if self._tried() else _tried(result))
        speed, memory = (result.timing.get(name) for name in ("images_per_second", "peak_memory_mb"))
        measured = (Cell(f"{speed:.3g}" if speed else "–"), Cell(f"{memory:.0f}" if memory else "–"))
        return (Cell(named(result)), Cell(result.method.backend), *figures, failed, *measured)

    def _tried(self) -> str:
        """``of 1600`` where all methods tried as many images."""
        found = {_tried(result) for result in self.results}
        return found.pop() if len(found) == 1 else ""

    def _figure(self, result: Result, headline: Headline) -> Cell:
        found = cell(result.estimate(headline.metric, headline.group), headline)
        return Cell(found.value, found.interval, "" if self._common(headline) else _shared(found))

    def _common(self, headline: Headline) -> str:
        """``, n 1600`` and the chance where all figures of a column share them."""
        rows = [result.estimate(headline.metric, headline.group) for result in self.results]
        cells = [cell(row, headline) for row in rows if row is not None and row.value == row.value]
        notes = {_shared(one) for one in cells}
        return f"\n{notes.pop()}" if len(notes) == 1 else ""


def overviews(results: Sequence[Result], absent: Mapping[str, str] | None = None) -> list[Overview]:
    """One overview per suite and selection; ``absent`` goes to the first."""
    groups: dict[tuple[str, ...], list[Result]] = {}
    for result in results:
        suite = result.suite
        groups.setdefault((suite.name, suite.split, suite.fingerprint, suite.selection), []).append(result)
    told = [dict(absent or {})] + [{}] * len(groups)
    return [
        Overview(caption(group[0]), tuple(sorted(group, key=_order)), why)
        for group, why in zip(groups.values(), told, strict=False)
    ]


def named(result: Result) -> str:
    """A method's name, with its preset where that is not its own."""
    method = result.method
    usual = method.preset in ("", "default", method.card.get("default_preset"))
    return method.name if usual else f"{method.name}:{method.preset}"


def first_line(why: str) -> str:
    """What a table tells of a reason; JSON has all of it."""
    return next(iter(why.splitlines()), "no reason given")


def plain_rows(overview: Overview) -> list[dict[str, Any]]:
    """Rows as numbers, for files: every figure with interval, n and chance; None where not measured."""
    found = []
    for result in overview.results:
        figures = {}
        for headline in COLUMNS:
            row = result.estimate(headline.metric, headline.group)
            known = row is not None and row.value == row.value
            names = ("value", "low", "high", "n", "chance")
            figures[headline.metric] = {n: getattr(row, n) if known else None for n in names}
        found.append({
            "method": named(result), "backend": result.method.backend, "suite": result.suite.name,
            "split": result.suite.split, "figures": figures, "n_failed": result.counts.n_failed,
            "n_protected": result.counts.n_protected,
            "images_per_second": result.timing.get("images_per_second"),
            "peak_memory_mb": result.timing.get("peak_memory_mb"), "did_not_run": None,
        })  # fmt: skip
    return found + [{"method": name, "did_not_run": why} for name, why in overview.absent.items()]


def _shared(one: Cell) -> str:
    return "\n".join(note for note in one.note.split(", ") if note.startswith(_SHARED))


def _tried(result: Result) -> str:
    return f"of {result.counts.n_failed + result.counts.n_protected}"


def _order(result: Result) -> tuple[int, int, float, str]:
    """Anchors, then backends in their order; what keeps most of the diagnosis stands first."""
    method = result.method
    row = result.estimate("diagnosis_accuracy")
    kept = row.value if row is not None and row.value == row.value else -1.0
    backend = BACKENDS.index(method.backend) if method.backend in BACKENDS else len(BACKENDS)
    return (method.name not in ANCHORS, backend, -kept, named(result))
