"""Do the protected images, taken together, still look like the originals to a network?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from medbench.metrics.metric import Metric
from medbench.metrics.set_distance import set_distance
from medbench.metrics.statistics.frechet import frechet_distance, kernel_distance

if TYPE_CHECKING:
    from medbench.core import Estimate, Seen
    from medbench.metrics.statistics.resample import Resampler


class FrechetIdentity(Metric):
    """Fréchet distance between the recogniser's embeddings of protected and of original images.

    FID's formula on identity features, and so not comparable with any FID. Like FID it is larger
    for smaller sets: compare methods on the same images alone.
    """

    name = "frechet_distance_identity"
    title = "Fréchet distance of identity features"
    task = "quality"
    needs = ("original.identity", "protected.identity")
    direction = "lower"
    unit = "distance²"
    range = (0.0, float("inf"))
    source = "Heusel et al. 2017 with the run's recogniser in Inception's place"

    def estimates(self, seen: Seen, resampler: Resampler) -> list[Estimate]:
        """``all``: the images that were protected."""
        return set_distance(self, frechet_distance, seen, resampler)


class Fid(FrechetIdentity):
    """FID proper: needs an evaluator of Inception-v3's pooled features, column ``inception``."""

    name = "fid"
    title = "FID"
    needs = ("original.inception", "protected.inception")
    source = "Heusel et al. 2017"


class KernelIdentity(Metric):
    """Kernel distance (KID's formula, unbiased) between the same embeddings; about 0 for equal sets."""

    name = "kernel_distance_identity"
    title = "Kernel distance of identity features"
    task = "quality"
    needs = ("original.identity", "protected.identity")
    direction = "lower"
    unit = "mmd²"
    range = (float("-inf"), float("inf"))
    source = "Binkowski et al. 2018 with the run's recogniser in Inception's place"

    def estimates(self, seen: Seen, resampler: Resampler) -> list[Estimate]:
        """``all``: the images that were protected."""
        return set_distance(self, kernel_distance, seen, resampler)


class Kid(KernelIdentity):
    """KID proper: needs an evaluator of Inception-v3's pooled features, column ``inception``."""

    name = "kid"
    title = "KID"
    needs = ("original.inception", "protected.inception")
    source = "Binkowski et al. 2018; all images at once, no subsets"


METRICS: tuple[type[Metric], ...] = (FrechetIdentity, KernelIdentity, Fid, Kid)
