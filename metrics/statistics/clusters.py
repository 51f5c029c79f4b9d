"""The one place that knows what a cluster is: a subject, or the image where a suite knows none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from medbench.core import MedbenchError

if TYPE_CHECKING:
    from medbench.core import Seen


@dataclass(frozen=True)
class Clusters:
    """``codes`` (N,) in [0, ``count``) says whose each sample is; ``unit`` names what is resampled."""

    codes: np.ndarray
    count: int
    unit: str

    def take(self, keep: np.ndarray) -> Clusters:
        """Clusters of the samples kept (bool (N,)), renumbered without gaps."""
        present, codes = np.unique(self.codes[keep], return_inverse=True)
        return Clusters(codes, len(present), self.unit)

    def sums(self, values: np.ndarray) -> np.ndarray:
        """Sum (N, K) over the samples of each cluster: (count, K)."""
        columns = [np.bincount(self.codes, column, minlength=self.count) for column in values.T]
        return np.stack(columns, axis=1) if columns else np.zeros((self.count, 0))


def clusters_of(seen: Seen) -> Clusters:
    """Group samples by ``truth.subject``; without that column every image stands for itself.

    Raises:
        MedbenchError: the column is there, and empty for some sample.
    """
    if not seen.has("truth.subject"):
        return Clusters(np.arange(len(seen.ids)), len(seen.ids), "image")
    subjects = seen.truth["subject"]
    if subjects.isna().any():
        first = seen.ids[int(np.flatnonzero(subjects.isna().to_numpy())[0])]
        raise MedbenchError(
            f"sample {first} has no subject; fill the suite's subject column or leave it out whole"
        )
    present, codes = np.unique(subjects.astype(str).to_numpy(dtype=str), return_inverse=True)
    return Clusters(codes, len(present), "subject")
