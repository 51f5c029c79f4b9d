"""What the page that explains the board shows: attackers and columns in words."""

from __future__ import annotations

from typing import Any

from medbench.catalogue import catalogue
from medbench.leaderboards.site.pareto import ATTACKERS
from medbench.reports.headlines import ARROWS, BETTER, HEADLINES


def reading_view() -> dict[str, Any]:
    """Everything that templates/reading.html asks for."""
    told = {row["name"]: row for row in catalogue("metrics")}
    rows = []
    for headline in HEADLINES:
        about = told.get(headline.metric, {})
        arrow = ARROWS.get(BETTER.get(headline.metric, ""), "")
        group = "" if headline.group == "all" else f" ({headline.group})"
        better = f", {about['direction']} is better" if about.get("direction") else ""
        unit = f" in {about['unit']}" if about.get("unit") not in (None, "share", "ratio") else ""
        rows.append(
            {
                "title": f"{headline.part}: {headline.title} {arrow}",
                "told": f"{about.get('title', headline.metric)}{unit}{group}{better}.",
            }
        )
    return {"attackers": ATTACKERS, "metrics": rows}
