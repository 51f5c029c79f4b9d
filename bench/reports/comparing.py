"""Names and numbers of a comparison as text."""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from medbench.reports.board import label

if TYPE_CHECKING:
    from medbench.comparison.compare import Comparison, Line


def names_of(found: Comparison) -> tuple[str, str]:
    """Labels of the two methods; where they are alike, seed and fingerprint tell them apart."""
    first, second = found.pair.first, found.pair.second
    names = label(first), label(second)
    if names[0] != names[1]:
        return names
    marks = [f"seed {r.seed}, {(r.method.fingerprint or r.method.code)[:8]}" for r in (first, second)]
    return f"{names[0]} [{marks[0]}]", f"{names[1]} [{marks[1]}]"


def p_text(p: float) -> str:
    """A p-value with two significant digits; a dash for NaN."""
    if math.isnan(p):
        return "–"
    return "< 0.001" if p < 0.001 else f"{p:.2g}"


def plain(line: Line) -> dict[str, Any]:
    """A line for JSON: NaN becomes null, and ``favours`` is told."""
    values = {**asdict(line), "favours": line.favours}
    return {k: None if isinstance(v, float) and not math.isfinite(v) else v for k, v in values.items()}
