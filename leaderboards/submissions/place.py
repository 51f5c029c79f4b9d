"""Where a submission lies: results/<suite>/<method>.json, its card and its samples beside it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from medbench.leaderboards.site.shelf import slug_of
from medbench.result import Result


@dataclass(frozen=True)
class Place:
    """The files of one row."""

    result: Path

    @classmethod
    def of(cls, result: Result, folder: Path) -> Place:
        """Name them by suite, method, and preset where that is not the method's own."""
        method = result.method
        usual = method.preset in ("", "default", method.card.get("default_preset"))
        name = slug_of(method.name if usual else f"{method.name}-{method.preset}")
        return cls(folder / slug_of(result.suite.name) / f"{name}.json")

    @property
    def card(self) -> Path:
        """The method's card, with hashes."""
        return self.result.with_suffix(".card.yaml")

    @property
    def samples(self) -> Path:
        """Per-sample values, where they may be published."""
        return self.result.with_suffix(".samples.parquet")


def sha256_of(file: Path) -> str:
    """sha256 of a file's bytes, in hex."""
    with file.open("rb") as bytes_of:
        return hashlib.file_digest(bytes_of, "sha256").hexdigest()
