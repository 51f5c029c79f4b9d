"""Figures with intervals on one scale, a row each: a forest plot of one method."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from medbench.leaderboards.site.svg import Scale, tag, ticks
from medbench.result import EstimateRow

PLOT, FIGURES, ROW, TOP, BOTTOM = 300, 150, 26, 8, 26
LETTER, FEWEST = 6.9, 90


def interval_svg(
    rows: Sequence[tuple[str, EstimateRow]], title: str, reference: float | None = None
) -> Markup:
    """Draw shares from 0 to 100 %: name, interval, value, n; a dashed line at ``reference``."""
    names = max([FEWEST, *(round(LETTER * len(name)) + 14 for name, _ in rows)])
    width, height = names + PLOT + FIGURES, TOP + ROW * len(rows) + BOTTOM
    x = Scale(0, 1, names, names + PLOT - 20)
    base = height - BOTTOM
    parts: list[Markup] = []
    for value in ticks(0, 1, 4):
        parts.append(tag("path", class_="grid", d=f"M{x(value):.1f} {TOP}V{base}"))
        at = {"x": x(value), "y": base + 16, "text_anchor": "middle", "class_": "tick"}
        parts.append(tag("text", f"{100 * value:.0f}", **at))
    if reference is not None:
        place = f"M{x(reference):.1f} {TOP}V{base}"
        parts.append(tag("path", tag("title", "guessing"), class_="chance", d=place))
    parts += [_row(name, row, TOP + ROW * (i + 0.5), x) for i, (name, row) in enumerate(rows)]
    return tag("svg", *parts, viewBox=f"0 0 {width} {height}", role="img", aria_label=title, class_="forest")


def _row(name: str, row: EstimateRow, y: float, x: Scale) -> Markup:
    low, high = (end if end == end else row.value for end in (row.low, row.high))
    figures = f"{100 * row.value:.1f} [{100 * low:.1f}, {100 * high:.1f}]"
    return tag(
        "g",
        tag("title", f"{name}: {figures}, n {row.n}"),
        tag("text", name, x=0, y=y + 4, class_="name"),
        tag("path", class_="cross", d=f"M{x(low):.1f} {y:.1f}H{x(high):.1f}"),
        tag("circle", cx=x(row.value), cy=y, r=4.5),
        tag("text", figures, x=x.end + 20, y=y + 4, class_="tick"),
        class_="pt",
    )
