"""A forest plot of letters: each interval on its own scale, nothing at its middle."""

from __future__ import annotations

import math

WIDTH = 41
_EMPTY, _ZERO, _LINE, _VALUE = " ", "│", "─", "●"


def forest_line(value: float, low: float, high: float, mirrored: bool = False, width: int = WIDTH) -> str:
    """Draw [low, high] and the value in it; zero stands in the middle, and the farther end at an edge.

    Args:
        value: a difference.
        low: lower end of its interval.
        high: upper end.
        mirrored: turn left and right round, so that *better* is on one side for all metrics.
        width: odd number of letters.

    """
    if not all(map(math.isfinite, (value, low, high))):
        return "not measured".center(width)
    if mirrored:
        value, low, high = -value, -high, -low
    reach = max(abs(low), abs(high), abs(value)) or 1.0
    start, at, end = (round((x / reach + 1) / 2 * (width - 1)) for x in (low, value, high))
    drawn = [_LINE if start <= i <= end else _EMPTY for i in range(width)]
    drawn[width // 2] = "┼" if start <= width // 2 <= end else _ZERO
    drawn[at] = _VALUE
    return "".join(drawn)
