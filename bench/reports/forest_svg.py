"""A forest plot as SVG, written by hand: no plotting library, and names are text, never markup."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from medbench.atomic import write_text
from medbench.reports.comparing import names_of
from medbench.reports.figures import short

if TYPE_CHECKING:
    from medbench.comparison.compare import Comparison, Line

ROW, TOP, NAMES, PLOT, FIGURES = 26, 70, 290, 360, 250
_STYLE = (
    "text{font:13px system-ui,sans-serif;fill:#1b1f24}.zero{stroke:#8a929c;stroke-dasharray:3 3}"
    ".line{stroke:#1f5fbf;stroke-width:2}.value{fill:#1f5fbf}"
    "@media (prefers-color-scheme:dark){text{fill:#e6e9ee}.line{stroke:#7fb0ff}.value{fill:#7fb0ff}}"
)


def write_forest(found: Comparison, path: Path) -> None:
    """Write every measured line as a row: its name, its interval on its own scale, its figures.

    Right of the middle the first method is better; metrics that favour nobody are not turned.
    """
    lines = [line for line in found.lines if line.difference == line.difference]
    width, height = NAMES + PLOT + FIGURES, TOP + ROW * len(lines) + 20
    middle = NAMES + PLOT / 2
    a, b = (escape(name) for name in names_of(found))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" role="img"><title>{a} against {b}</title><style>{_STYLE}</style>',
        f'<text x="10" y="22">A = {a}</text><text x="10" y="42">B = {b}</text>',
        f'<text x="{NAMES}" y="{TOP - 8}">B better</text>',
        f'<text x="{NAMES + PLOT}" y="{TOP - 8}" text-anchor="end">A better</text>',
        f'<line class="zero" x1="{middle}" x2="{middle}" y1="{TOP}" y2="{height - 14}"/>',
        *(_row(line, TOP + ROW * (number + 0.5)) for number, line in enumerate(lines)),
        "</svg>\n",
    ]
    write_text(path, "\n".join(parts))


def _row(line: Line, y: float) -> str:
    sign = -1 if line.better == "lower" else 1
    reach = max(abs(line.low), abs(line.high), abs(line.difference)) or 1.0
    places = (NAMES + PLOT / 2 * (1 + sign * x / reach) for x in (line.low, line.difference, line.high))
    low, at, high = (round(place, 1) for place in places)
    figures = f"{line.difference:+.3g} [{short(line.low)}, {short(line.high)}]"
    return (
        f'<text x="10" y="{y + 4}">{escape(line.name)}</text>'
        f'<line class="line" x1="{low}" x2="{high}" y1="{y}" y2="{y}"/>'
        f'<circle class="value" cx="{at}" cy="{y}" r="4.5"/>'
        f'<text x="{NAMES + PLOT + 14}" y="{y + 4}">{figures}</text>'
    )
