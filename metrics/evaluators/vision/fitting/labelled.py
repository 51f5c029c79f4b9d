"""A split's samples whose disease is known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from medbench.cache import Cache, look
from medbench.core import DISEASES, MedbenchError
from medbench.progress import Progress
from medbench.seeds import generator

if TYPE_CHECKING:
    from medbench.metrics.evaluators.vision.backbone import BackboneFeatures
    from medbench.suites.suite import Suite

_PART = 32


@dataclass(frozen=True)
class Labelled:
    """``ids`` of a split's samples and ``codes`` (N,), their diseases as places in DISEASES."""

    suite: Suite
    split: str
    ids: tuple[str, ...]
    codes: np.ndarray

    @classmethod
    def of(cls, suite: Suite, split: str, limit: int | None = None) -> Labelled:
        """Take the samples of a split, or ``limit`` of them, drawn by the suite's name.

        Raises:
            MedbenchError: no such split, or it knows no disease.
        """
        name = suite.card.name
        if split not in suite.card.splits:
            raise MedbenchError(
                f"{name} has no {split} split; fit on a suite that has train and select: --suite mema-mini"
            )
        index = suite.index(split)
        if "disease" not in index:
            raise MedbenchError(f"{name}'s {split} split knows no disease; fit on a suite that does")
        order = {disease: code for code, disease in enumerate(DISEASES)}
        index = index[index["disease"].isin(order)]
        if limit is not None and limit < len(index):
            rows = generator("fit-evaluator", name, split).permutation(len(index))[:limit]
            index = index.iloc[np.sort(rows)]
        if index["disease"].nunique() < 2:
            raise MedbenchError(
                f"{name}'s {split} split shows fewer than two diseases; nothing can be fitted"
            )
        codes = index["disease"].map(order).to_numpy(dtype=np.int64, copy=True)
        suite.prepare(split, list(index["id"]))
        return cls(suite, split, tuple(index["id"]), codes)

    def features(self, reader: BackboneFeatures, cache: Cache | None, progress: Progress) -> np.ndarray:
        """Features (N, F) float32, through the cache: a killed fit goes on where it was."""
        progress.phase(f"features of {self.split}", len(self.ids))
        found = []
        for start in range(0, len(self.ids), _PART):
            part = self.ids[start : start + _PART]
            images = [self.suite.read(self.split, name).image for name in part]
            found.append(look(reader, images, cache=cache)["features"])
            progress.advance(len(part))
        return np.concatenate(found)


def macro_accuracy(probabilities: np.ndarray, codes: np.ndarray) -> float:
    """Mean over the classes present of the share that is told right."""
    hits = probabilities.argmax(axis=1) == codes
    return float(np.mean([hits[codes == code].mean() for code in np.unique(codes)]))
