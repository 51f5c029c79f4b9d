"""The two readings of samples that a method could not protect."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from medbench.core import Seen


@dataclass(frozen=True)
class Reading:
    """``excluded``: failed samples are left out. ``unprotected``: their original stands in.

    ``keep`` (N,) marks the samples that count in this reading.
    """

    name: str
    seen: Seen
    keep: np.ndarray

    def column(self, path: str) -> np.ndarray:
        """A float column of ``protected`` or ``same_key`` as this reading sees it; NaN where left out."""
        values = np.array(self.seen.column(path), dtype=float)
        failed = np.asarray(self.seen.failed, dtype=bool)
        if self.name == "unprotected":
            values[failed] = self.seen.column(f"original.{path.split('.', 1)[1]}")[failed]
        else:
            values[failed] = np.nan
        return values


def readings(seen: Seen) -> tuple[Reading, ...]:
    """``excluded`` always; ``unprotected`` too where a sample failed."""
    failed = np.asarray(seen.failed, dtype=bool)
    left_out = Reading("excluded", seen, ~failed)
    return (left_out, Reading("unprotected", seen, np.ones_like(failed))) if failed.any() else (left_out,)


def restored(seen: Seen, column: str, role: str = "restored") -> np.ndarray:
    """A float column of a restored ``role``; NaN where the sample failed: it has nothing to restore."""
    values = np.array(seen.column(f"{role}.{column}"), dtype=float)
    values[np.asarray(seen.failed, dtype=bool)] = np.nan
    return values
