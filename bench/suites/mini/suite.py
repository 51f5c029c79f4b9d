"""The suite ``mema-mini``: samples drawn on first use, exact truth."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from medbench.core import Sample
from medbench.suites.mini import draw
from medbench.suites.mini.identity import VERSION
from medbench.suites.mini.splits import parse, sample_ids, scene_of
from medbench.suites.mini.truth import scalar_truth
from medbench.suites.suite import Suite, SuiteCard

if TYPE_CHECKING:
    import pandas as pd


class MiniSuite(Suite):
    """Drawn patient faces, 256 x 256: an image is a pure function of (suite version, sample id)."""

    card = SuiteCard.read(Path(str(files("medbench.data_cards").joinpath("mema-mini.yaml"))))

    def prepare(self, split: str, ids: Sequence[str] | None = None) -> None:
        """Draw the samples that are not in the cache yet, with all cores."""
        draw.prepare(ids if ids is not None else sample_ids(split))

    def index(self, split: str) -> pd.DataFrame:
        """One row per sample: ``id`` and the scalar truth of the card; nothing is drawn."""
        return _index(split).copy()

    def read(self, split: str, sample_id: str) -> Sample:
        """One sample; its truth also holds ``mask`` (all False without a tumour) and ``landmarks68``."""
        image, mask, landmarks = draw.load(sample_id)
        truth = {**scalar_truth(*scene_of(sample_id)), "mask": mask, "landmarks68": landmarks}
        return Sample(sample_id, image, truth)

    def fingerprint(self, split: str) -> str:
        """sha256 of the version and the split's ids; pixels follow from them."""
        text = "\n".join([f"mema-mini {VERSION}", *(f"{name} {parse(name)}" for name in sample_ids(split))])
        return hashlib.sha256(text.encode()).hexdigest()


@functools.cache
def _index(split: str) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame([{"id": name, **scalar_truth(*scene_of(name))} for name in sample_ids(split)])
