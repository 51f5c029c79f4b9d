"""What a user may ask of a fit."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from medbench.progress import Progress

Kind = Literal["linear", "knn", "finetune"]


@dataclass(frozen=True)
class Wishes:
    """What a user may ask of a fit. ``steps`` and ``minutes`` bound fine-tuning alone."""

    head: Kind = "linear"
    device: str = "cpu"
    limit: int | None = None
    seed: str = "0"
    steps: int | None = None
    minutes: float | None = None
    progress: Progress = field(default_factory=Progress)
