"""What is kept against what an attacker still gets: one panel per attacker."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from medbench.leaderboards.site.shelf import KEPT, Board, Entry
from medbench.result import EstimateRow

#: Attackers in the order of their strength, and what each of them does.
ATTACKERS = {
    "naive": "compares protected faces with clear ones",
    "parrot": "protects the gallery too, then compares",
    "informed": "re-fits the recogniser on protected faces whose names it knows",
    "reconstructing": "learns to undo the protection, then compares",
}
#: Where an attacker's verification AUC stands, (metric, group): in the run, or in the attack on it.
FIGURES = {
    "naive": ("verification_auc", "attacker=naive"),
    "parrot": ("verification_auc", "attacker=parrot"),
    "informed": ("auc_informed", "all"),
    "reconstructing": ("auc_reconstructing", "all"),
}


@dataclass(frozen=True)
class Point:
    """A method in a panel: ``x`` what the attacker gets, ``y`` what is kept."""

    entry: Entry
    x: EstimateRow
    y: EstimateRow
    best: bool


@dataclass(frozen=True)
class Panel:
    """One attacker's plot; without points nobody was measured.

    ``told`` says on what terms, where the attack had its own; ``chance`` is what guessing gives.
    """

    attacker: str
    does: str
    told: str
    chance: float | None
    points: tuple[Point, ...]


def panels_of(board: Board) -> list[Panel]:
    """A panel for each attacker."""
    return [_panel(board, attacker, does) for attacker, does in ATTACKERS.items()]


def frontier(points: Sequence[tuple[float, float]]) -> list[bool]:
    """Which (x, y) no other beats: none has a lower or equal x and a higher or equal y, one strictly.

    Example:
        >>> frontier([(0.5, 10.0), (0.7, 80.0), (0.8, 70.0)])
        [True, True, False]
    """
    return [
        not any(a <= x and b >= y and (a < x or b > y) for j, (a, b) in enumerate(points) if j != i)
        for i, (x, y) in enumerate(points)
    ]


def _panel(board: Board, attacker: str, does: str) -> Panel:
    found = [(e, e.figure(*FIGURES[attacker]), e.figure(*KEPT)) for e in board.entries]
    rows = [(entry, x, y) for entry, x, y in found if x is not None and y is not None]
    judged = [(x.value, y.value) for entry, x, y in rows if not entry.anchor]
    marks = iter(frontier(judged))
    points = tuple(Point(entry, x, y, not entry.anchor and next(marks)) for entry, x, y in rows)
    of_attack = FIGURES[attacker][1] == "all"
    told = "; ".join(dict.fromkeys(p.entry.attacks.told for p in points)) if of_attack else ""
    return Panel(attacker, does, told, points[0].x.chance if points else None, points)
