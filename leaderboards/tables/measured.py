"""Measured figures: results/<suite>/<method>.json, or the result.json files of runs."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from medbench.core import MedbenchError
from medbench.leaderboards.tables.filled import Value

if TYPE_CHECKING:
    from medbench.leaderboards.tables.layout import Measure
    from medbench.result import EstimateRow, Result

MINI = "mema-mini"
RESULTS = Path(__file__).parents[1] / "results"


@dataclass(frozen=True, order=True)
class Variant:
    """A method as it was run. ``usual``: its default preset, which stands in the paper's row."""

    name: str
    backend: str
    preset: str
    usual: bool
    title: str


class Measured:
    """Results by suite and variant."""

    def __init__(self, results: dict[tuple[str, Variant], Result]) -> None:
        self._results = results

    @classmethod
    def read(cls, folder: Path = RESULTS) -> Measured:
        """Read every result below ``folder``; a folder that does not exist holds none.

        Raises:
            MedbenchError: a file is no result, or two give the same method on the same suite.

        """
        from medbench.result import Result

        found: dict[tuple[str, Variant], Result] = {}
        files: dict[tuple[str, Variant], Path] = {}
        for file in sorted({*folder.glob("*/*.json"), *folder.rglob("result.json")}):
            result = Result.read(file)
            place = result.suite.name, _variant(result)
            if place in found:
                raise MedbenchError(f"{file}: the same method and suite as in {files[place]}; keep one")
            found[place], files[place] = result, file
        return cls(found)

    def variants(self) -> list[Variant]:
        """Every variant that was measured, by name, the usual preset first."""
        found = {variant for _, variant in self._results}
        return sorted(found, key=lambda one: (one.name, not one.usual, one.backend, one.preset))

    def usual(self, name: str) -> Variant | None:
        """The variant that stands for a method's name."""
        return next((one for one in self.variants() if one.name == name and one.usual), None)

    def values(self, suite: str | None, variant: Variant, wanted: Measure) -> list[Value]:
        """Figures of a variant: R on the cell's suite, M on mema-mini; empty where not measured."""
        found = []
        for label, where in (("R", suite), ("M", MINI)):
            result = self._results.get((where or "", variant))
            if result is None or wanted.metric is None or (label == "R" and where == MINI):
                continue
            estimate = result.estimate(wanted.metric, wanted.group or "all")
            if estimate is not None and math.isfinite(estimate.value):
                found.append(_value(label, result, estimate, wanted))
        return found


def _variant(result: Result) -> Variant:
    method = result.method
    usual = method.preset in ("", method.card.get("default_preset") or method.preset)
    named = str(method.card.get("title") or method.name)
    title = named if usual else f"{named} ({method.preset})"
    return Variant(method.name, method.backend, method.preset, usual, title)


def _value(label: str, result: Result, estimate: EstimateRow, wanted: Measure) -> Value:
    times, plus = wanted.times or 1.0, wanted.plus or 0.0
    digits = 2 if wanted.digits is None else wanted.digits
    value, *ends = (plus + times * figure for figure in (estimate.value, estimate.low, estimate.high))
    low, high = sorted(ends)
    interval = f"[{low:.{digits}f}, {high:.{digits}f}]" if math.isfinite(low + high) else ""
    if estimate.degenerate:
        interval = "[no variation]"
    suite = result.suite
    place = f"{suite.name} {suite.version} {suite.split}"
    source = f"{place}, {estimate.metric} {estimate.group}, {result.method.name}"
    return Value(
        label, f"{value:.{digits}f}", "", interval, value, _finite(low), _finite(high), estimate.n, source
    )


def _finite(figure: float) -> float | None:
    return figure if math.isfinite(figure) else None
