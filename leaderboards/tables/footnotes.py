"""Footnotes that are computed from the printed figures whenever a table is made."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from medbench.leaderboards.tables import footnotes_intervals as intervals
from medbench.leaderboards.tables import footnotes_mema as mema
from medbench.leaderboards.tables import footnotes_people as people
from medbench.leaderboards.tables import footnotes_rofi as rofi

if TYPE_CHECKING:
    from medbench.leaderboards.published.row import Published

CHECKS: dict[str, Callable[[Sequence[Published]], str]] = {
    "averages": mema.averages,
    "macro": mema.macro,
    "class_sizes": mema.class_sizes,
    "gains": mema.gains,
    "overlap": mema.overlap,
    "patients": mema.patients,
    "sum_of_regions": mema.sum_of_regions,
    "bar": intervals.bar,
    "retrained": intervals.retrained,
    "kappa_images": intervals.kappa_images,
    "auroc_width": intervals.auroc_width,
    "exact_sensitivities": intervals.exact_sensitivities,
    "interval_end": rofi.interval_end,
    "midpoints": rofi.midpoints,
    "positives": rofi.positives,
    "of_231": rofi.of_231,
    "eyes": rofi.eyes,
    "trials": people.trials,
    "fisher": people.fisher,
    "kruskal_wallis": people.kruskal_wallis,
}


def computed(check: str, rows: Sequence[Published]) -> str:
    """Return the text of a check, computed from a paper's rows."""
    return CHECKS[check](rows)
