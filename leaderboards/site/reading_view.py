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
        source = f"; {about['source']}" if "source" in about else ""
        rows.append(
            {
                "title": f"{headline.part}: {headline.title} {arrow}",
                "told": f"{about.get('title', headline.metric)}{group}{source}.",
            }
        )
    return {"attackers": ATTACKERS, "metrics": rows}
