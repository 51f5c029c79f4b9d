"""Metric: a pure function from what was seen to estimates and per-sample values."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

if TYPE_CHECKING:
    import numpy as np

    from medbench.core import Estimate, Seen
    from medbench.metrics.statistics.resample import Resampler


class Metric:
    """One question. Class attributes say how to read the answer; see docs/metrics.

    ``needs`` lists columns (``protected.identity``, ``truth.subject``, ``calibration.…``); where
    one is absent the runner says so beside the metric's name and calls nothing.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    task: ClassVar[Literal["privacy", "utility", "reversibility", "quality", "counts"]]
    needs: ClassVar[tuple[str, ...]]
    direction: ClassVar[Literal["higher", "lower"]]
    unit: ClassVar[str]
    range: ClassVar[tuple[float, float]]
    source: ClassVar[str]

    def calibrate(self, select: Seen) -> dict[str, float]:
        """Freeze thresholds on the select split's originals; the result enters ``calibration``."""
        return {}

    def samples(self, seen: Seen) -> dict[str, np.ndarray]:
        """Per-sample values for samples.parquet: name -> (N,) float, NaN where not scored."""
        return {}

    def estimates(self, seen: Seen, resampler: Resampler) -> list[Estimate]:
        """Figures with intervals; ``resampler`` draws subjects, seeded from names."""
        raise NotImplementedError
