"""Samples that could not be read: set aside with file, reason and remedy, never dropped in silence."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from medbench.atomic import write_text


@dataclass(frozen=True)
class Quarantined:
    """One sample set aside. ``message`` may name a file: it stays on the user's machine."""

    id: str
    message: str

    @property
    def reason(self) -> str:
        """The message without the file and its numbers: fit for a result that is published."""
        text = self.message.partition("\n")[0]
        after = text.split(": ", 1)[-1]
        words = after.split(";")[0].split("(")[0].split()
        return " ".join("#" if any(c.isdigit() for c in word) else word for word in words)


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
