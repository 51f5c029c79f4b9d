"""Learning-rate schedules as functions of progress in [0, 1].

Progress is the spent share of a stage's budget, be it steps or minutes, so that a schedule ends
where the budget ends on a slow machine too.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

WARMUP = 0.03
FINAL = 0.02


@dataclass(frozen=True)
class Budget:
    """How long a stage may train: steps, minutes (at work, summed over restarts), or both.

    With both, whichever is spent first ends the stage. Only a budget in steps gives the same
    weights on every machine.
    """

    steps: int | None = None
    minutes: float | None = None

    def __post_init__(self) -> None:
        if self.steps is None and self.minutes is None:
            raise ValueError("a budget needs steps=, minutes= or both")

    def progress(self, step: int, seconds: float) -> float:
        """Return the spent share in [0, 1] after ``step`` steps and ``seconds`` seconds."""
        shares = []
        if self.steps is not None:
            shares.append(step / self.steps if self.steps > 0 else 1.0)
        if self.minutes is not None:
            shares.append(seconds / (60 * self.minutes) if self.minutes > 0 else 1.0)
        return min(1.0, max(shares))


def warmup_cosine(progress: float) -> float:
    """Rise linearly over the first 3 %, then fall as a half cosine to 2 % of the learning rate."""
    if progress < WARMUP:
        return max(progress / WARMUP, FINAL)
    fallen = (progress - WARMUP) / (1 - WARMUP)
    return FINAL + (1 - FINAL) * 0.5 * (1 + math.cos(math.pi * min(fallen, 1.0)))


def constant(progress: float) -> float:
    """Keep the learning rate as it is."""
    return 1.0
