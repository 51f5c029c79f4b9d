"""The types that cross rooms: Sample, Batch, Seen, Estimate, and the errors that users meet.

This module imports nothing of medbench, and nothing heavy at run time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    import torch

#: The eight classes of MeMa, in the order of every confusion matrix.
DISEASES = ("BCC", "Conj", "Normal", "Ptosis", "SCC", "Strab", "TAO", "Uveitis")


class MedbenchError(Exception):
    """A problem that a user can mend: the message names the file and the remedy. Exit code 2."""


class FaceNotFound(MedbenchError):
    """Raised by a method for an image it cannot treat; the sample is counted as *failed*."""


class SomeFailed(MedbenchError):
    """Raised by a method that treats pictures together and could not treat some of them.

    Args (of the constructor):
        images: float32 RGB (B, 3, H, W) in [0, 1], right where nothing failed.
        reasons: row -> why it failed.
    """

    def __init__(self, images: torch.Tensor, reasons: Mapping[int, str]) -> None:
        first = next(iter(reasons))
        super().__init__(
            f"{len(reasons)} of {len(images)} pictures failed; picture {first}: {reasons[first]}"
        )
        self.images, self.reasons = images, dict(reasons)


class NoSuchName(MedbenchError):
    """Nothing is called so: wrong use, whatever else was asked for."""


class Unavailable(MedbenchError):
    """A weight file, package or data set is missing; the message is the line that gets it."""


@dataclass(frozen=True)
class Sample:
    """One image with its truth.

    ``image`` is uint8 RGB (H, W, 3). ``truth`` holds the columns that the suite's card lists;
    a column that a suite does not know is absent, never filled in.
    """

    id: str
    image: np.ndarray
    truth: Mapping[str, Any]


@dataclass(frozen=True)
class Batch:
    """Samples of one size: ``images`` float32 RGB (B, 3, H, W) in [0, 1], B stable ids, B truth rows."""

    images: torch.Tensor
    ids: tuple[str, ...]
    truth: pd.DataFrame

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True)
class Seen:
    """All that metrics may use: truth and what evaluators saw of each role, row for row.

    ``roles`` maps a role (``original``, ``protected``, ``restored``, ``restored_unrounded``,
    ``same_key``) to columns: arrays whose first axis is the sample, NaN where an evaluator saw
    nothing. ``failed`` marks samples that the method could not protect. ``calibration`` holds what
    was frozen on the select split (``identity_threshold`` …). ``wrong_keys`` has one row per
    (sample, wrong password).
    """

    ids: tuple[str, ...]
    truth: pd.DataFrame
    roles: Mapping[str, Mapping[str, np.ndarray]]
    failed: np.ndarray
    calibration: Mapping[str, float] = field(default_factory=dict)
    wrong_keys: pd.DataFrame | None = None

    def column(self, path: str) -> np.ndarray:
        """Return ``role.column`` or ``truth.column``; KeyError where it was not seen."""
        role, name = path.split(".", 1)
        if role == "truth":
            return self.truth[name].to_numpy()
        return self.roles[role][name]

    def has(self, path: str) -> bool:
        """Say whether ``column(path)`` would answer."""
        role, _, name = path.partition(".")
        if role == "truth":
            return name in self.truth.columns
        if role == "calibration":
            return name in self.calibration
        if role == "wrong_keys":
            return self.wrong_keys is not None
        return role in self.roles and name in self.roles[role]


@dataclass(frozen=True)
class Estimate:
    """A figure with its interval.

    ``group`` is ``all``, or ``class=BCC`` … ; ``reading`` says what became of failed samples:
    ``excluded`` (left out) or ``unprotected`` (their original stands in). ``chance`` is the
    value that guessing would give, where there is one. ``degenerate`` flags an interval of zero
    width that comes from a lack of variation or of clusters, not from certainty.
    """

    metric: str
    group: str
    value: float
    low: float
    high: float
    n: int
    unit: str
    level: float = 0.95
    interval: str = "bootstrap-percentile/subject"
    reading: str = "excluded"
    chance: float | None = None
    degenerate: bool = False
