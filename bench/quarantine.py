"""Samples that could not be read: set aside with file, reason and remedy, never dropped in silence."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from medbench.atomic import write_text
from medbench.core import MedbenchError


@dataclass(frozen=True)
class Quarantined:
    """One sample set aside: ``message`` may name its file and stays local, ``reason`` may not."""

    id: str
    message: str
    reason: str

    @classmethod
    def from_error(cls, sample_id: str, error: MedbenchError) -> Quarantined:
        """Take the reason that the error gives for publication, else its kind only."""
        return cls(sample_id, str(error), getattr(error, "reason", type(error).__name__))


def write_quarantine(path: Path, rows: Sequence[Quarantined]) -> None:
    """Write ``quarantine.csv`` (id, message): local, since it names files; removed where empty."""
    if not rows:
        path.unlink(missing_ok=True)
        return
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(["id", "message"])
    table.writerows((row.id, row.message) for row in rows)
    write_text(path, text.getvalue())


def count_reasons(reasons: Sequence[str]) -> dict[str, int]:
    """How often each reason occurs, most frequent first, then by name."""
    return dict(sorted(Counter(reasons).items(), key=lambda item: (-item[1], item[0])))
