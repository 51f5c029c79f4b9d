"""ROFI: intervals and rates, computed again from the printed figures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from medbench.leaderboards.tables.footnotes_mema import is_share
from medbench.leaderboards.tables.printed import by, rows_of

if TYPE_CHECKING:
    from medbench.leaderboards.published.row import Published

PATIENTS = 231
#: Positive cases among the 48 patients of WUPH: the number of which all its sensitivities are shares.
WUPH = 48


def interval_end(rows: Sequence[Published]) -> str:
    """C5: where the interval ends if it is symmetric, as the others are."""
    (row,) = rows_of(rows, table="Fig4c", metric="auroc_resnet50", method="rofi")
    assert row.value is not None and row.low is not None
    return (
        f"The interval of ROFI ends at its own value, {row.high}; "
        f"symmetric, as the others are, it ends at {2 * row.value - row.low}."
    )


def midpoints(rows: Sequence[Published]) -> str:
    """C18: intervals of kappa lie evenly around the value and leave 1."""
    intervals = [row for row in rows if row.metric.startswith("kappa") and row.high is not None]
    whole = [row for row in intervals if row.value is not None]
    even = sum(
        abs(2 * row.value - row.low - row.high) <= 2e-4  # type: ignore[operator]
        for row in whole
    )
    over = sum(float(row.high or 0) > 1 for row in intervals)
    return (
        f"{even} of {len(whole)} printed kappas are the middle of their interval, and {over} intervals "
        "pass 1: Wald intervals, not clipped. A lost value was most likely the middle of its interval."
    )


def positives(rows: Sequence[Published]) -> str:
    """C19: of how many patients the sensitivities are shares, and what the exact interval of 100 % is."""
    from scipy.stats import beta

    rates = by(rows, "method", table="Fig3b", suite="wuph").values()
    n = next(n for n in range(2, WUPH + 1) if all(is_share(rate, n) for rate in rates))
    low = float(beta.ppf(0.025, n, 1)) * 100
    return (
        f"The rates on WUPH are shares of {n} positives. 100 % with an interval of no width is what "
        f"resampling gives; the exact interval of {n} of {n} begins at {low:.1f} %."
    )


def of_231(rows: Sequence[Published]) -> str:
    """C10: which protection rates are shares of 231 patients."""
    found = [row for row in rows if row.metric.startswith("protection_rate_") and row.value is not None]
    values = sorted({float(row.value) for row in found if row.value is not None})
    exact = [value for value in values if is_share(value, PATIENTS)]
    near = [value for value in values if value not in exact and _near(value)]
    rest = [value for value in values if value not in exact and value not in near]
    return (
        f"Of the {len(values)} rates printed for SNPH, {len(exact)} are k/{PATIENTS} rounded, "
        f"{_listed(near)} are off by 0.01, {_listed(rest)} are no k/{PATIENTS}."
    )


def _near(value: float) -> bool:
    return any(is_share(round(value + step, 2), PATIENTS) for step in (-0.01, 0.01))


def _listed(values: Sequence[float]) -> str:
    return ", ".join(f"{value:.2f}" for value in values) or "none"


def eyes(rows: Sequence[Published]) -> str:
    """C26: the text's "only a 70 %" beside the two eyes' rates."""
    rates = by(rows, "method", table="Fig5c")
    left, right = rates["eyecrop_left"], rates["eyecrop_right"]
    return f"The text says 70 % for eye crops: ({left:.2f} + {right:.2f}) / 2 = {(left + right) / 2:.1f}."
