"""A panel of the accuracy-privacy plot as SVG. Safer is left, more is kept above."""

from __future__ import annotations

from markupsafe import Markup

from medbench.leaderboards.site.pareto import Panel, Point
from medbench.leaderboards.site.svg import Scale, tag, ticks

WIDTH, HEIGHT = 460, 340
LEFT, RIGHT, TOP, BOTTOM = 46, 14, 28, 46
LETTER, LINE = 6.4, 13
Box = tuple[float, float, float, float]


def pareto_svg(panel: Panel) -> Markup:
    """Draw one panel; a method's marks carry its slug as ``data-m``."""
    x = Scale(*_span(panel), LEFT, WIDTH - RIGHT)
    y = Scale(0, 1, HEIGHT - BOTTOM, TOP)
    parts = [*_axes(panel, x, y), *_frontier(panel, x, y)]
    taken: list[Box] = [_box(x(p.x.value), y(p.y.value)) for p in panel.points]
    parts += [_mark(point, x, y) for point in panel.points]
    ordered = sorted(panel.points, key=lambda p: (not p.best, -p.y.value))
    parts += [text for point in ordered if (text := _name(point, x, y, taken)) is not None]
    return tag("svg", *parts, viewBox=f"0 0 {WIDTH} {HEIGHT}", role="img", aria_label=_told(panel))


def _span(panel: Panel) -> tuple[float, float]:
    values = [p.x.value for p in panel.points] + ([panel.chance] if panel.chance is not None else [])
    low = min(values, default=0.5)
    return max(0.0, low - 0.04), 1.0


def _axes(panel: Panel, x: Scale, y: Scale) -> list[Markup]:
    base, parts = HEIGHT - BOTTOM, []
    for value in ticks(0, 1, 5):
        parts.append(tag("path", class_="grid", d=f"M{LEFT} {y(value):.1f}H{WIDTH - RIGHT}"))
        at = {"x": LEFT - 8, "y": y(value) + 4, "text_anchor": "end", "class_": "tick"}
        parts.append(tag("text", f"{100 * value:.0f}", **at))
    for value in ticks(x.low, x.high, 5):
        parts.append(tag("text", f"{value:g}", x=x(value), y=base + 17, text_anchor="middle", class_="tick"))
    if panel.chance is not None and x.low <= panel.chance:
        place = f"M{x(panel.chance):.1f} {TOP}V{base}"
        parts.append(tag("path", tag("title", "guessing"), class_="chance", d=place))
    parts.append(tag("path", class_="axis", d=f"M{LEFT} {base}H{WIDTH - RIGHT}"))
    parts.append(tag("text", "← safer · verification AUC", x=LEFT, y=HEIGHT - 8, class_="axis-title"))
    parts.append(tag("text", "diagnosis % ↑", x=4, y=12, class_="axis-title"))
    return parts


def _frontier(panel: Panel, x: Scale, y: Scale) -> list[Markup]:
    best = sorted((p.x.value, p.y.value) for p in panel.points if p.best)
    if len(best) < 2:
        return []
    steps = "".join(f"H{x(a):.1f}V{y(b):.1f}" for a, b in best[1:])
    return [tag("path", class_="frontier", d=f"M{x(best[0][0]):.1f} {y(best[0][1]):.1f}{steps}")]


def _mark(point: Point, x: Scale, y: Scale) -> Markup:
    a, b = x(point.x.value), y(point.y.value)
    cross = ""
    if point.x.low == point.x.low and point.y.low == point.y.low:
        across = f"M{x(point.x.low):.1f} {b:.1f}H{x(point.x.high):.1f}"
        upright = f"M{a:.1f} {y(point.y.low):.1f}V{y(point.y.high):.1f}"
        cross = tag("path", class_="cross", d=across + upright)
    told = f"{point.entry.title}: kept {100 * point.y.value:.1f} %, attacker {point.x.value:.3f}"
    kind = "anchor" if point.entry.anchor else point.entry.result.method.backend
    best = " best" if point.best else ""
    shape = tag("circle", cx=a, cy=b, r=5.5)
    return tag("g", tag("title", told), cross, shape, class_=f"pt b-{kind}{best}", data_m=point.entry.slug)


def _name(point: Point, x: Scale, y: Scale, taken: list[Box]) -> Markup | None:
    """The method's name where there is room for it; the title tells the names that have none."""
    text = point.entry.result.method.name[:24]
    a, b, wide = x(point.x.value), y(point.y.value), len(text) * LETTER
    for dx, dy in ((9, 4), (-9 - wide, 4), (-wide / 2, -10), (-wide / 2, 20), (8, -9), (8, 17)):
        left, base = a + dx, b + dy
        box = (left, base - LINE + 3, left + wide, base + 3)
        inside = box[0] >= LEFT and box[2] <= WIDTH - 2 and box[1] >= 4 and box[3] <= HEIGHT - BOTTOM
        if inside and not any(_meet(box, other) for other in taken):
            taken.append(box)
            return tag("text", text, x=left, y=base, class_="name", data_m=point.entry.slug)
    return None


def _box(a: float, b: float) -> Box:
    return a - 6, b - 6, a + 6, b + 6


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _told(panel: Panel) -> str:
    points = sorted(panel.points, key=lambda p: -p.y.value)
    told = (f"{p.entry.title} {p.x.value:.2f} and {100 * p.y.value:.0f} %" for p in points)
    return f"Verification AUC of the {panel.attacker} attacker, and diagnosis kept: {'; '.join(told)}"
