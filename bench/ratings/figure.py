"""One figure of a study: an estimate with the arm, the question and the reader that it is about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from medbench.core import Estimate

MAJORITY, BETWEEN = "majority", "between graders"


@dataclass(frozen=True)
class Figure:
    """``reader`` is MAJORITY, BETWEEN or a grader; kappas also have the papers' interval ``wald``."""

    arm: str
    question: str
    reader: str
    estimate: Estimate
    wald: tuple[float, float] | None = None

    def row(self) -> dict[str, Any]:
        """As one flat row."""
        e = self.estimate
        low, high = self.wald or (None, None)
        return {
            "arm": self.arm,
            "question": self.question,
            "reader": self.reader,
            "figure": e.metric,
            "grade": e.group.removeprefix("class="),
            "value": e.value,
            "low": e.low,
            "high": e.high,
            "interval": e.interval,
            "wald_low": low,
            "wald_high": high,
            "n": e.n,
            "no_variation": e.degenerate,
        }
