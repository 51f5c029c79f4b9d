"""Is the tumour still where it was, and as large?

A tumour case is an image whose truth holds at least one tumour pixel. The truth was drawn on the
original; a method that moves the face is judged for that too. Conventions for empty masks:

* truth and mask both empty: no tumour case, counted in no overlap (nnU-Net drops such cases too);
* truth empty, something marked: no tumour case either, but a false alarm, a figure of its own;
* a tumour, nothing marked: Dice and Jaccard 0, HD95 the image's diagonal.

Every mean is over images, as MeMa Table 3's is (paper/protocol 1.2), with subjects resampled.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from medbench.metrics.metric import Metric
from medbench.metrics.overlap_measures import alarm, dice, jaccard
from medbench.metrics.readings import readings
from medbench.metrics.statistics.clusters import clusters_of
from medbench.metrics.statistics.estimating import mean_estimate, settle
from medbench.metrics.statistics.ratio_of_sums import ratio_of_sums

if TYPE_CHECKING:
    from medbench.core import Estimate, Seen
    from medbench.metrics.statistics.resample import Resampler

PROTECTED, ORIGINAL = "protected.tumour_overlap", "original.tumour_overlap"


def by_class(
    metric: Metric, values: np.ndarray, seen: Seen, resampler: Resampler, reading: str, share: bool = False
) -> list[Estimate]:
    """The mean of (N,) values over all scored samples, and of every class that has some."""
    found = [mean_estimate(metric, "all", values, seen, resampler, reading=reading, share=share)]
    if seen.has("truth.disease"):
        diseases = seen.column("truth.disease")
        for name in sorted({str(d) for d in diseases[np.isfinite(values)]}):
            of_class = np.where(diseases == name, values, np.nan)
            group = f"class={name}"
            found.append(
                mean_estimate(metric, group, of_class, seen, resampler, reading=reading, share=share)
            )
    return found


class OverlapMetric(Metric):
    """A measure of the protected image's ``tumour_overlap``, by class and in each reading."""

    task = "utility"
    needs = (PROTECTED, ORIGINAL)
    #: Is the mean of the measure a share of images?
    share = False

    def measure(self, overlap: np.ndarray) -> np.ndarray:
        """Value (N,) of the overlap's numbers (N, 4); NaN where it is not asked."""
        raise NotImplementedError

    def samples(self, seen: Seen) -> dict[str, np.ndarray]:
        """The metric's name -> its value for each protected image; NaN where it is not asked."""
        return {self.name: self.measure(readings(seen)[0].column(PROTECTED))}

    def estimates(self, seen: Seen, resampler: Resampler) -> list[Estimate]:
        """``all`` and every class, in each reading."""
        found = []
        for reading in readings(seen):
            values = self.measure(reading.column(PROTECTED))
            found += by_class(self, values, seen, resampler, reading.name, self.share)
        return found


class TumourDice(OverlapMetric):
    """Mean Dice of the tumour marked in the protected image and the true one; see the file's conventions."""

    name = "tumour_dice"
    title = "Tumour Dice"
    direction = "higher"
    unit = "dice"
    range = (0.0, 1.0)
    source = "MeMa Table 3; Dice 1945"

    def measure(self, overlap: np.ndarray) -> np.ndarray:
        """See :func:`dice`."""
        return dice(overlap)


class TumourJaccard(OverlapMetric):
    """Mean Jaccard index (intersection over union) of the same masks."""

    name = "tumour_jaccard"
    title = "Tumour Jaccard"
    direction = "higher"
    unit = "jaccard"
    range = (0.0, 1.0)
    source = "MeMa Table 3; Jaccard 1912"

    def measure(self, overlap: np.ndarray) -> np.ndarray:
        """See :func:`jaccard`."""
        return jaccard(overlap)


class TumourHd95(OverlapMetric):
    """Mean 95 % Hausdorff distance of the borders; a missed tumour counts as the image's diagonal."""

    name = "tumour_hd95"
    title = "Tumour HD95"
    direction = "lower"
    unit = "px"
    range = (0.0, float("inf"))
    source = "Huttenlocher et al. 1993, 95th percentile as in medpy"

    def measure(self, overlap: np.ndarray) -> np.ndarray:
        """HD95 in pixels (N,); NaN without a tumour."""
        return np.array(overlap[:, 3], dtype=float)


class TumourFalseAlarm(OverlapMetric):
    """Share of the faces without a tumour on which one is marked, by class."""

    name = "tumour_false_alarm"
    title = "Tumour marked where none is"
    direction = "lower"
    unit = "share"
    range = (0.0, 1.0)
    source = "medbench; what Dice cannot see"
    share = True

    def measure(self, overlap: np.ndarray) -> np.ndarray:
        """See :func:`alarm`."""
        return alarm(overlap)


class UntouchedTumourDice(Metric):
    """Mean Dice of the same network on the untouched images: the upper bound."""

    name = "tumour_dice_untouched"
    title = "Tumour Dice, untouched"
    task = "utility"
    needs = (ORIGINAL,)
    direction = "higher"
    unit = "dice"
    range = (0.0, 1.0)
    source = "medbench (paper/inconsistencies A19)"

    def estimates(self, seen: Seen, resampler: Resampler) -> list[Estimate]:
        """``all`` and every class, over all samples."""
        return by_class(self, dice(seen.column(ORIGINAL)), seen, resampler, "excluded")


class TumourDiceRetention(Metric):
    """Mean Dice on protected images over mean Dice on the same images untouched."""

    name = "tumour_dice_retention"
    title = "Tumour Dice kept"
    task = "utility"
    needs = (PROTECTED, ORIGINAL)
    direction = "higher"
    unit = "ratio"
    range = (0.0, float("inf"))
    source = "medbench; both means are resampled by the same draws"

    def estimates(self, seen: Seen, resampler: Resampler) -> list[Estimate]:
        """One ratio for each reading."""
        found = []
        bare = dice(seen.column(ORIGINAL))
        for reading in readings(seen):
            kept = dice(reading.column(PROTECTED))
            both = np.isfinite(kept) & np.isfinite(bare)
            clusters = clusters_of(seen).take(both)
            value, draws = ratio_of_sums(kept[both, None], bare[both, None], clusters, resampler)
            settled = settle(
                self,
                "all",
                float(value[0]),
                draws[:, 0],
                n=int(both.sum()),
                clusters=clusters,
                reading=reading.name,
            )
            found.append(settled)
        return found


METRICS: tuple[type[Metric], ...] = (
    TumourDice,
    TumourJaccard,
    TumourHd95,
    TumourFalseAlarm,
    UntouchedTumourDice,
    TumourDiceRetention,
)
