"""How firm a rank is: the best and the worst place that a method's interval leaves open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from medbench.leaderboards.site.board_table import Column
from medbench.leaderboards.site.shelf import Board
from medbench.result import EstimateRow


@dataclass(frozen=True)
class Rank:
    """``place`` by value (ties share it), and the places from ``best`` to ``worst`` left open."""

    place: int
    best: int
    worst: int


def ranks(rows: Sequence[EstimateRow | None], higher: bool) -> list[Rank | None]:
    """Rank figures; None was not measured and takes no place.

    A method stands behind another for certain only where their 95 % intervals lie apart. That asks
    for more than a paired test does, so the places left open are rather too many than too few.
    """
    known = [row for row in rows if row is not None]
    return [_rank(row, known, 1 if higher else -1) if row is not None else None for row in rows]


def ranked(board: Board, columns: Sequence[Column]) -> dict[str, list[Rank | None]]:
    """Per method (slug; anchors left out) its rank in each column that has a better end."""
    entries = [entry for entry in board.entries if not entry.anchor]
    by_column = [
        ranks([entry.figure(c.headline.metric, c.headline.group) for entry in entries], c.better == "higher")
        for c in columns
    ]
    return {entry.slug: [column[i] for column in by_column] for i, entry in enumerate(entries)}


def _rank(row: EstimateRow, known: Sequence[EstimateRow], sign: int) -> Rank:
    def ends(one: EstimateRow) -> tuple[float, float]:
        low = one.low if one.low == one.low else one.value
        high = one.high if one.high == one.high else one.value
        return (low, high) if sign > 0 else (-high, -low)

    low, high = ends(row)
    place = 1 + sum(sign * other.value > sign * row.value for other in known)
    best = 1 + sum(ends(other)[0] > high for other in known)
    worst = len(known) - sum(ends(other)[1] < low for other in known)
    return Rank(place, best, worst)
