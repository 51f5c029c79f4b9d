"""The rank-stability plot: a row per method, a panel per figure, a bar over the places left open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from medbench.leaderboards.site.board_table import Column
from medbench.leaderboards.site.ranks import Rank
from medbench.leaderboards.site.svg import Scale, tag

NAMES, PANEL, GAP, ROW, TOP, BOTTOM = 170, 96, 16, 24, 46, 22


def rank_svg(
    titles: Mapping[str, str], columns: Sequence[Column], found: Mapping[str, Sequence[Rank | None]]
) -> Markup:
    """Draw the ranks of :func:`medbench.leaderboards.site.ranks.ranked`.

    Args:
        titles: slug -> name to show.
        columns: the panels.
        found: slug -> rank in each column; drawn in this order.

    """
    ordered = list(found)
    most = max((rank.worst for row in found.values() for rank in row if rank), default=1)
    width = NAMES + (PANEL + GAP) * len(columns)
    height = TOP + ROW * len(ordered) + BOTTOM
    parts: list[Markup] = []
    for number, column in enumerate(columns):
        scale = _scale(number, most)
        parts += _head(column, scale, most, height)
    for line, slug in enumerate(ordered):
        y = TOP + ROW * (line + 0.5)
        parts.append(tag("text", titles[slug][:26], x=0, y=y + 4, class_="name", data_m=slug))
        marks = [_mark(rank, _scale(n, most), y) for n, rank in enumerate(found[slug]) if rank]
        parts.append(tag("g", *marks, data_m=slug, class_="rk"))
    figures = ", ".join(column.title for column in columns)
    label = f"Places by {figures}: " + "; ".join(_told(titles[s], found[s]) for s in ordered)
    return tag(
        "svg", *parts, viewBox=f"0 0 {width} {height}", role="img", aria_label=label, width=width,
        height=height,
    )  # fmt: skip


def _scale(number: int, most: int) -> Scale:
    start = NAMES + (PANEL + GAP) * number + 8
    return Scale(1, max(most, 2), start, start + PANEL - 16)


def _head(column: Column, scale: Scale, most: int, height: int) -> list[Markup]:
    first, last = scale.start, scale.end
    base = height - BOTTOM
    middle = (first + last) / 2
    return [
        tag("text", column.part, x=middle, y=14, text_anchor="middle", class_="tick"),
        tag("text", column.title, x=middle, y=30, text_anchor="middle", class_="name"),
        *(tag("path", class_="grid", d=f"M{scale(k):.1f} {TOP}V{base}") for k in sorted({1, most})),
        *(
            tag("text", str(k), x=scale(k), y=base + 15, text_anchor="middle", class_="tick")
            for k in sorted({1, most})
        ),
    ]


def _mark(rank: Rank, scale: Scale, y: float) -> Markup:
    told = f"place {rank.place}" + (f", {rank.best} to {rank.worst}" if rank.best != rank.worst else "")
    bar = tag("path", d=f"M{scale(rank.best):.1f} {y:.1f}H{scale(rank.worst):.1f}")
    return tag("g", tag("title", told), bar, tag("circle", cx=scale(rank.place), cy=y))


def _told(title: str, row: Sequence[Rank | None]) -> str:
    told = (f"{r.best} to {r.worst}" if r else "none" for r in row)
    return f"{title}: {', '.join(told)}"
