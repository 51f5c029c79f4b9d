"""One person or two? Balanced pairs in ten folds, as on Labeled Faces in the Wild."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from medbench.core import Estimate
from medbench.metrics.identity import distances
from medbench.metrics.metric import Metric
from medbench.metrics.readings import readings
from medbench.metrics.statistics.clusters import clusters_of
from medbench.metrics.statistics.pair_folds import fold_accuracy

if TYPE_CHECKING:
    from medbench.core import Seen
    from medbench.metrics.readings import Reading
    from medbench.metrics.statistics.resample import Resampler

FOLDS, MOST_PAIRS = 10, 6000

#: Images (P, 2), one person or two (P,), folds (P,) from 0.
PairList = tuple[np.ndarray, np.ndarray, np.ndarray]
_NOTHING: PairList = (np.empty((0, 2), dtype=int), np.empty(0, dtype=bool), np.empty(0, dtype=int))


def listed_pairs(seen: Seen, people: np.ndarray) -> PairList:
    """Read the suite's own pairs: ``truth.pairs`` holds the ids that an image is compared with, by spaces.

    Each pair stands at one of its images; ``truth.fold`` of that image is the pair's fold. Pairs
    with an image that was not read are left out.
    """
    rows = {name: row for row, name in enumerate(seen.ids)}
    found = [
        (row, rows[other])
        for row, others in enumerate(seen.column("truth.pairs"))
        for other in (others.split() if isinstance(others, str) else ())
        if other in rows
    ]
    pairs = np.array(found, dtype=int).reshape(-1, 2)
    _, folds = np.unique(np.asarray(seen.column("truth.fold"))[pairs[:, 0]], return_inverse=True)
    return pairs, people[pairs[:, 0]] == people[pairs[:, 1]], folds


def balanced_pairs(people: np.ndarray, generator: np.random.Generator, most: int = MOST_PAIRS) -> PairList:
    """Draw as many pairs of one person as of two, folds apart by their people.

    Args:
        people: (N,) codes, whose each image is.
        generator: Draws folds and pairs.
        most: Pairs in all.

    Returns:
        Images (P, 2), one person or two (P,), and folds (P,) in [0, 10). Empty where a fold of
        people has no pair of either kind.
    """
    fold_of = generator.permutation(int(people.max()) + 1)[people] % FOLDS
    each = most // FOLDS // 2
    chosen: list[np.ndarray] = []
    for fold in range(FOLDS):
        members = np.flatnonzero(fold_of == fold)
        first, second = np.triu_indices(len(members), k=1)
        alike = people[members[first]] == people[members[second]]
        size = min(each, int(alike.sum()), int((~alike).sum()))
        if size == 0:
            return _NOTHING
        for kind in (True, False):
            at = generator.choice(np.flatnonzero(alike == kind), size, replace=False)
            pairs = np.stack([members[first[at]], members[second[at]]], axis=1)
            chosen.append(np.column_stack([pairs, np.full(size, kind), np.full(size, fold)]))
    table = np.concatenate(chosen)
    return table[:, :2], table[:, 2].astype(bool), table[:, 3]


class PairAccuracy(Metric):
    """Accuracy of telling one person from two: a clear image beside a protected one; 0.5 is guessing.

    ``all``: each fold's threshold is the best on the clear pairs of the other folds.
    ``threshold=refitted``: the best on their protected pairs. ``untouched``: both images clear. The
    pairs are the suite's own where it lists some (LFW), else drawn: up to 6,000, half of them of
    one person. The interval is Student's over the folds; ``n`` counts images.
    """

    name = "pair_accuracy"
    title = "Pair accuracy, 10 folds"
    task = "privacy"
    needs = ("original.identity", "protected.identity", "truth.subject")
    direction = "lower"
    unit = "share"
    range = (0.0, 1.0)
    source = "Huang et al. 2007 (LFW view 2); MeMa's text"

    def estimates(self, seen: Seen, resampler: Resampler) -> list[Estimate]:
        """Both thresholds in each reading, and ``untouched``; nothing with too few people."""
        people = clusters_of(seen).codes
        found = []
        for reading in readings(seen):
            pairs, same, folds = self._pairs(reading, people, resampler)
            if len(np.unique(folds)) < 2:
                continue
            clear, probe = seen.column("original.identity"), reading.column("protected.identity")
            left, right = pairs.T
            bare = distances(clear[left], clear[right])
            near = np.nan_to_num(distances(clear[left], probe[right]), nan=np.inf)
            asked = {"all": (near, bare), "threshold=refitted": (near, None)}
            if reading.name == "excluded":
                asked["untouched"] = (bare, None)
            for group, (apart, learn_from) in asked.items():
                result = fold_accuracy(apart, same, folds, learn_from)
                low, high = result.interval()
                found.append(
                    Estimate(
                        metric=self.name,
                        group=group,
                        value=result.mean,
                        low=low,
                        high=high,
                        n=len(np.unique(pairs)),
                        unit=self.unit,
                        interval="student/fold",
                        reading=reading.name,
                        chance=0.5,
                        degenerate=high - low < 1e-12,
                    )
                )
        return found

    def _pairs(self, reading: Reading, people: np.ndarray, resampler: Resampler) -> PairList:
        """Pairs of images that count in this reading, the first of them clear and seen."""
        seen = reading.seen
        keep = reading.keep & np.isfinite(seen.column("original.identity")).all(axis=1)
        if seen.has("truth.pairs") and seen.has("truth.fold"):
            pairs, same, folds = listed_pairs(seen, people)
            kept = keep[pairs].all(axis=1)
            return pairs[kept], same[kept], np.unique(folds[kept], return_inverse=True)[1]
        rows = np.flatnonzero(keep)
        present, codes = np.unique(people[rows], return_inverse=True)
        if len(present) < 2 * FOLDS:
            return _NOTHING
        pairs, same, folds = balanced_pairs(codes, resampler.generator("pairs", str(len(rows))))
        return rows[pairs], same, folds


METRICS: tuple[type[Metric], ...] = (PairAccuracy,)
