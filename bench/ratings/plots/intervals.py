"""Values with their intervals, one to a row, on one scale: kappas with the bar at 0.81, sensitivities."""

from __future__ import annotations

import math
from collections.abc import Sequence
from xml.sax.saxutils import escape

from medbench.ratings.figure import Figure
from medbench.ratings.plots.style import picture

#: "Almost perfect" begins here (Landis and Koch 1977); the bar of both papers.
ALMOST_PERFECT = 0.81
_ROW, _TOP, _NAMES, _PLOT, _FIGURES = 24, 62, 250, 380, 190


def interval_plot(title: str, figures: Sequence[Figure], bar: float | None = None) -> str:
    """An SVG: a row per figure, named by grade and arm; the scale is 0 to 1, or from the least bound."""
    shown = [figure for figure in figures if math.isfinite(figure.estimate.value)]
    low = min([0.0, *(figure.estimate.low for figure in shown)])
    bottom = _TOP + _ROW * len(shown)

    def x(value: float) -> float:
        return round(_NAMES + _PLOT * (value - low) / (1.0 - low), 1)

    parts = []
    for tick in (t / 10 for t in range(math.ceil(low * 10), 11, 2)):
        parts.append(f'<line class="axis" x1="{x(tick)}" x2="{x(tick)}" y1="{bottom}" y2="{bottom + 5}"/>')
        parts.append(f'<text x="{x(tick)}" y="{bottom + 20}" text-anchor="middle">{tick:.1f}</text>')
    if bar is not None:
        parts.append(f'<line class="bar" x1="{x(bar)}" x2="{x(bar)}" y1="{_TOP - 12}" y2="{bottom}"/>')
        parts.append(f'<text x="{x(bar)}" y="{_TOP - 16}" text-anchor="middle">{bar:g}</text>')
    for number, figure in enumerate(shown):
        e, y = figure.estimate, _TOP + _ROW * (number + 0.5)
        name = f"{e.group.removeprefix('class=')}, {figure.arm}"
        parts += [
            f'<text x="10" y="{y + 4}">{escape(name)}</text>',
            f'<line class="line" x1="{x(e.low)}" x2="{x(e.high)}" y1="{y}" y2="{y}"/>',
            f'<circle class="value" cx="{x(e.value)}" cy="{y}" r="4.5"/>',
            f'<text x="{_NAMES + _PLOT + 14}" y="{y + 4}">{e.value:.3f} [{e.low:.3f}, {e.high:.3f}]</text>',
        ]
    return picture(title, _NAMES + _PLOT + _FIGURES, bottom + 34, parts)
