"""Files that cannot be used, and pictures that show nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from medbench.inspection.duplicates import FLAT
from medbench.inspection.finding import Finding
from medbench.inspection.look import Looked


def unreadable(looked: Sequence[Looked]) -> list[Finding]:
    """Files that a run would quarantine, by reason."""
    reasons: dict[str, list[str]] = defaultdict(list)
    for one in looked:
        if one.trouble:
            reasons[one.trouble].append(one.name)
    remedy = "export them again, or move them away; a run leaves them out and says so"
    return [
        Finding("unreadable", "wanting", f"{len(names)} cannot be used: {reason}", remedy, tuple(names))
        for reason, names in reasons.items()
    ]


def blank(looked: Sequence[Looked]) -> list[Finding]:
    """Pictures of one colour."""
    names = tuple(one.name for one in looked if not one.trouble and one.spread < FLAT)
    if not names:
        return []
    return [Finding("blank", "wanting", f"{len(names)} pictures are of one colour", "remove them", names)]
