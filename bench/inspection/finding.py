"""What an inspection found: some of it must be mended, some of it should be known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Weight = Literal["wanting", "note"]


@dataclass(frozen=True)
class Finding:
    """One thing found: ``check`` names the question, ``names`` the images (local: they may name people)."""

    check: str
    weight: Weight
    text: str
    remedy: str
    names: tuple[str, ...] = ()
