"""ROFI's study of human observers: rates and tests, computed again from the counts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from medbench.leaderboards.tables.printed import by, rows_of

if TYPE_CHECKING:
    from medbench.leaderboards.published.row import Published

#: Six methods in the first phase.
DEGREES = 5


def counts(rows: Sequence[Published]) -> dict[str, tuple[int, int]]:
    """Recognised and shown, by method, as the text prints them."""
    found = {}
    for row in rows_of(rows, table="STab10", metric="human_recognition_rate"):
        printed = re.search(r"(\d+)/(\d+)", row.quote)
        assert printed, row.quote
        found[row.method] = int(printed[1]), int(printed[2])
    return found


def trials(rows: Sequence[Published]) -> str:
    """C7: rates from counts."""
    printed = by(rows, "method", table="STab10", metric="human_recognition_rate")
    said = [
        f"{k}/{n} = {100 * k / n:.2f} %, printed {printed[name]}" for name, (k, n) in counts(rows).items()
    ]
    return f"{'; '.join(said)}: cut off after one decimal."


def fisher_p(rows: Sequence[Published], method: str) -> float:
    """One-tailed p of Fisher's exact test: ROFI is recognised less often than ``method``."""
    from scipy.stats import fisher_exact

    found = counts(rows)
    table = [[k, n - k] for k, n in (found["rofi"], found[method])]
    return float(fisher_exact(table, alternative="less").pvalue)


def fisher(rows: Sequence[Published]) -> str:
    """C8: p from the counts."""
    printed = by(rows, "method", table="STab10", metric="fisher_one_tailed_p_vs_rofi")
    said = [f"{fisher_p(rows, name):.6f} for {name}, printed {p:.6f}" for name, p in printed.items()]
    return f"Fisher's exact test, one-tailed, from the counts: {'; '.join(said)}."


def kruskal_wallis(rows: Sequence[Published]) -> str:
    """C8: p from H."""
    from scipy.stats import chi2

    found = by(rows, "metric", table="STab10", method="all_methods")
    h, p = found["kruskal_wallis_h"], found["kruskal_wallis_p"]
    return (
        f"The tail of chi-square beyond H = {h} with {DEGREES} degrees of freedom (six methods) is "
        f"{chi2.sf(h, DEGREES):.4f}, printed {p}. 200 and then 1,000 trials must be per method, "
        "since each has 1200."
    )
