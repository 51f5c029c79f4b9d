"""Look figures up among a paper's rows, for arithmetic on what is printed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from medbench.leaderboards.published.row import Published


def rows_of(rows: Sequence[Published], **wanted: str) -> list[Published]:
    """Rows whose fields are as wanted, in the paper's order."""
    return [row for row in rows if all(getattr(row, field) == value for field, value in wanted.items())]


def by(rows: Sequence[Published], field: str, **wanted: str) -> dict[str, float]:
    """Values of the rows wanted, by one of their fields; rows without a value are left out."""
    found = rows_of(rows, **wanted)
    return {getattr(row, field): float(row.value) for row in found if row.value is not None}


def methods(rows: Sequence[Published], **wanted: str) -> list[str]:
    """Methods among the rows wanted, in the paper's order."""
    return list(dict.fromkeys(row.method for row in rows_of(rows, **wanted)))
