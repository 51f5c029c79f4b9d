"""docs/metrics-compared.md from the rows, and what in it no longer holds."""

from __future__ import annotations

import math
from collections.abc import Sequence

from benchmarks.compared.case import Row

HEAD = """\
# Our figures beside other packages'

Written by `python -m benchmarks.compared --out docs/metrics-compared.md`; CI runs it with `--check`.

Every figure is computed twice from the same seeded numbers: by the function that a run uses, and by an
independent implementation. Allowed is a difference of 1e-6, and of 1e-4 where a network runs. The
numbers are made up; the figures say nothing about any method.

| figure | package | its function | ours | theirs | difference |
|---|---|---|---|---|---|
"""
_STEPS = (0.0, 1e-15, 1e-12, 1e-9, 1e-6, 1e-4)
DIGITS = 6


def page(rows: Sequence[Row]) -> str:
    """The whole page."""
    lines = [f"| {' | '.join(cells(row))} |" for row in rows]
    return f"{HEAD}" + "\n".join(lines) + f"\n\n{len(rows)} comparisons.\n"


def cells(row: Row) -> tuple[str, ...]:
    """One line: figure, package, function, both values and how far they are apart at most."""
    case = row.case
    names = (case.figure, case.package, f"`{case.other}`")
    if row.missing:
        return (*names, "–", "–", f"not computed: {row.missing}")
    return (*names, _number(row.ours), _number(row.theirs), _at_most(row.apart))


def _number(value: float) -> str:
    return f"{value:.{DIGITS}f}" if value == 0 or abs(value) >= 0.01 else f"{value:.4e}"


def _at_most(apart: float) -> str:
    for step in _STEPS:
        if apart <= step:
            return "0" if step == 0 else f"≤ {step:.0e}".replace("e-0", "e-")
    return f"{apart:.1e}"


def complaints(rows: Sequence[Row], written: str) -> list[str]:
    """What is wrong: values too far apart, not computed, or not as the page has them."""
    found = []
    stood = {line[:3]: line for line in map(_split, written.splitlines()) if len(line) == 6}
    for row in rows:
        now = cells(row)
        name = f"{row.case.figure} ({row.case.package})"
        if row.missing:
            found.append(f"{name}: not computed: {row.missing}")
        elif not row.agrees:
            found.append(f"{name}: ours {row.ours!r}, theirs {row.theirs!r}")
        before = stood.pop(now[:3], None)
        if before is None:
            found.append(f"{name}: not on the page")
        elif not row.missing and not _same(before[3], row.ours, row.case.tolerance):
            found.append(f"{name}: {before[3]} on the page, {now[3]} now")
    left = [" ".join(line) for line in stood.values() if line[0] not in ("figure", "---")]
    return found + [f"on the page, and computed no more: {line}" for line in left]


def _split(line: str) -> tuple[str, ...]:
    return tuple(cell.strip() for cell in line.strip().strip("|").split("|")) if line.startswith("|") else ()


def _same(text: str, value: float, tolerance: float) -> bool:
    """Is the printed text this value, up to its rounding and what may be apart?"""
    try:
        return math.isclose(float(text), value, abs_tol=tolerance + 10**-DIGITS, rel_tol=0)
    except ValueError:
        return False
