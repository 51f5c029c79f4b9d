"""Suite: where samples come from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import yaml
from pydantic import BaseModel, ConfigDict

if TYPE_CHECKING:
    import pandas as pd

    from medbench.core import Sample


class SuiteCard(BaseModel):
    """A data card (data_cards/<name>.yaml): origin, licence, subjects, splits, columns, limits."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    entry: str
    title: str
    version: str
    summary: str
    licence: str
    origin: str
    how_to_obtain: str
    classes: tuple[str, ...] = ()
    columns: dict[str, str] = {}
    splits: dict[str, str] = {}
    limits: tuple[str, ...] = ()
    margins: dict[str, float] = {}
    subjects: str = ""
    synthetic: bool = False

    @classmethod
    def read(cls, path: Path) -> SuiteCard:
        """Read and validate a card."""
        return cls.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))


class Suite:
    """Base of all suites: a card, splits, an index of samples, and the samples themselves.

    ``index(split)`` is cheap (no image is read) and lists one row per sample, in a stable order,
    with column ``id`` and the scalar truth columns. ``read`` gives one sample and raises
    :class:`medbench.core.MedbenchError` naming file and remedy where it cannot be read: the
    runner quarantines that sample.
    """

    card: SuiteCard
    default_split: str = "val"

    def prepare(self, split: str, ids: Sequence[str] | None = None) -> None:
        """Make the samples ready to read (draw, unpack), in parallel, with a progress bar."""

    def index(self, split: str) -> pd.DataFrame:
        """One row per sample of a split: ``id`` and scalar truth."""
        raise NotImplementedError

    def read(self, split: str, sample_id: str) -> Sample:
        """Read one sample whole."""
        raise NotImplementedError

    def fingerprint(self, split: str) -> str:
        """sha256 over the split's ids and data version."""
        raise NotImplementedError

    def iterate(self, split: str, ids: Sequence[str] | None = None) -> Iterator[Sample]:
        """Yield the samples of a split in index order."""
        for sample_id in ids if ids is not None else self.index(split)["id"]:
            yield self.read(split, sample_id)
