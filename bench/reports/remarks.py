"""Warnings that follow a table: failed and quarantined samples."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from medbench.reports.headlines import HEADLINES

if TYPE_CHECKING:
    from medbench.quarantine import Quarantined
    from medbench.result import Result

SHOWN = 20
#: Reasons that lie in the method itself.
NO_WONDER = ("is not reversible", "has no key")


def failure_lines(result: Result, failures: Mapping[str, str]) -> list[str]:
    """How many samples a method failed on, and why; nothing where it failed on none."""
    if not failures:
        return []
    counts, name = result.counts, result.method.name
    tried = counts.n_failed + counts.n_protected
    some = f"\n{name} failed on {counts.n_failed} of {tried} images"
    head = some if counts.n_protected else f"\n{name} protected nothing: all {tried} images failed"
    reasons = Counter(failures.values()).most_common()
    lines = [f"  {n} x {reason}" for reason, n in reasons[:SHOWN]]
    return [head, *lines, *_more(len(reasons))]


def missing_lines(results: Sequence[Result]) -> list[str]:
    """Headline figures that a method could have had, and what they lack; one line per reason."""
    by_reason: dict[str, dict[str, None]] = {}
    for result in results:
        headlined = {headline.metric for headline in HEADLINES}
        for skipped in result.skipped:
            if skipped.metric in headlined and not skipped.reason.endswith(NO_WONDER):
                by_reason.setdefault(skipped.reason.splitlines()[0], {})[skipped.metric] = None
    return [f"not measured: {', '.join(metrics)}: {reason}" for reason, metrics in by_reason.items()]


def quarantine_lines(rows: Sequence[Quarantined]) -> list[str]:
    """Which samples could not be read, and what to do; nothing where all could."""
    if not rows:
        return []
    head = f"\nwarning: {len(rows)} samples could not be read and were set aside (quarantine.csv lists them)"
    return [head, *(f"  {row.message}" for row in rows[:SHOWN]), *_more(len(rows))]


def _more(count: int) -> list[str]:
    return [f"  … and {count - SHOWN} more"] if count > SHOWN else []
