"""One figure: ours, and another package's on the same numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from medbench.core import Unavailable

#: What may lie between two ways to compute a figure, and between two ways to run a network.
EXACT, NETWORK = 1e-6, 1e-4


@dataclass(frozen=True)
class Case:
    """``figure`` as the metrics call it, ``other`` as its package calls it; both are computed when asked."""

    figure: str
    package: str
    other: str
    ours: Callable[[], float]
    theirs: Callable[[], float]
    tolerance: float = EXACT


@dataclass(frozen=True)
class Row:
    """A case that was computed, or why it could not be."""

    case: Case
    ours: float = float("nan")
    theirs: float = float("nan")
    missing: str = ""

    @property
    def apart(self) -> float:
        """How far the two values are apart; NaN where one is missing."""
        return abs(self.ours - self.theirs)

    @property
    def agrees(self) -> bool:
        """Are both there, and no farther apart than allowed?"""
        return self.apart <= self.case.tolerance


def computed(case: Case) -> Row:
    """Compute a case; a package that is not installed is told, not raised."""
    try:
        return Row(case, float(case.ours()), float(case.theirs()))
    except (ImportError, Unavailable) as error:
        return Row(case, missing=str(error))
