"""Does a result agree with itself?"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping

from medbench.leaderboards.submissions.check import Check
from medbench.result import EstimateRow, Result
from medbench.stages.resolve import metrics_of


def check_sound(result: Result) -> list[Check]:
    """Its counts add up, each figure is possible and stands there once, and its weights were trained."""
    checks = [_counts(result), _figures(result)]
    if result.method.card.get("random_weights"):
        checks.append(Check("weights", False, "they are random: this is a trial, not a method's result"))
    return checks


def _counts(result: Result) -> Check:
    c = result.counts
    tried = c.n_failed + c.n_protected
    if c.n_total != result.suite.n or c.n_total != tried + c.n_quarantined:
        detail = (
            f"{c.n_total} asked for, {c.n_quarantined} not read, {c.n_failed} failed, "
            f"{c.n_protected} protected, suite of {result.suite.n}: they do not add up"
        )
        return Check("counts", False, detail)
    if sum(result.quarantine.values()) != c.n_quarantined:
        return Check("counts", False, "the reasons for what could not be read do not add up")
    return Check("counts", True, f"{tried} images tried, {c.n_failed} failed")


def _figures(result: Result) -> Check:
    names = Counter((row.metric, row.group, row.reading) for row in result.estimates)
    twice = [" ".join(name) for name, count in names.items() if count > 1]
    ranges = {kind.name: kind.range for kind in metrics_of(())}
    wrong = [f"{row.metric} {row.group}: {why}" for row in result.estimates if (why := _wrong(row, ranges))]
    if not result.estimates:
        return Check("estimates", False, "there are none")
    if twice or wrong:
        return Check("estimates", False, "; ".join([*(f"{one} stands twice" for one in twice), *wrong][:5]))
    return Check("estimates", True, f"{len(names)} figures")


def _wrong(row: EstimateRow, ranges: Mapping[str, tuple[float, float]]) -> str:
    if row.n < 0:
        return f"n is {row.n}"
    if row.low > row.high:
        return f"its interval runs from {row.low:g} to {row.high:g}"
    least, most = ranges.get(row.metric, (-math.inf, math.inf))
    if row.value < least or row.value > most:
        return f"{row.value:g} lies outside [{least:g}, {most:g}]"
    return ""
