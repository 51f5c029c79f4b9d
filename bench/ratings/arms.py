"""Which protection keeps the signs better? Two arms' kappas on the same images, paired."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

import numpy as np

from medbench.metrics.statistics.agreement import kappa, one_against_rest
from medbench.metrics.statistics.clusters import Clusters
from medbench.metrics.statistics.intervals import percentile
from medbench.metrics.statistics.paired import Difference, holm
from medbench.metrics.statistics.resample import Resampler
from medbench.ratings.question import Question
from medbench.ratings.readings import Readings
from medbench.ratings.study import ORIGINAL

DRAWS = 10_000


@dataclass(frozen=True)
class ArmDifference:
    """Kappa of ``first`` minus kappa of ``second``, by majority vote; ``holm`` is p for all of a question."""

    question: str
    grade: str
    first: str
    second: str
    found: Difference
    holm: float = float("nan")

    def row(self) -> dict[str, Any]:
        """As one flat row."""
        return {
            **{name: getattr(self, name) for name in ("question", "grade", "first", "second")},
            **{"difference": self.found.value, "low": self.found.low, "high": self.found.high},
            **{"p": self.found.p, "p_holm": self.holm, "n": self.found.n},
        }


def arm_differences(readings: Readings, seed: str = "0", draws: int = DRAWS) -> list[ArmDifference]:
    """Every pair of protections, question by question: of all grades, and of each against the rest.

    Images without a majority in one of the three readings are left out.
    """
    return [
        one
        for question in readings.questions
        for one in _corrected(
            _of_question(readings, question, Resampler((seed, "arms", question.name), draws))
        )
    ]


def _of_question(readings: Readings, question: Question, resampler: Resampler) -> list[ArmDifference]:
    size, found = len(question.grades), []
    original = readings.vote(question, ORIGINAL)
    for first, second in combinations(readings.arms[1:], 2):
        votes = [readings.vote(question, arm) for arm in (first, second)]
        clear = (original >= 0) & (votes[0] >= 0) & (votes[1] >= 0)
        clusters = readings.clusters.take(clear)
        tables = [_tables(original[clear] * size + vote[clear], size, clusters) for vote in votes]
        for code, grade in enumerate(("all", *question.grades)):
            folded = tables if grade == "all" else [one_against_rest(table, code - 1) for table in tables]
            n = int(clear.sum())
            one = kappa_difference(folded[0], folded[1], resampler, n)
            found.append(ArmDifference(question.name, grade, first, second, one))
    return found


def kappa_difference(first: np.ndarray, second: np.ndarray, resampler: Resampler, n: int) -> Difference:
    """Difference of two kappas from tables of counts (S, K, K), one for each of S subjects.

    The interval resamples subjects, the same for both; p comes from swapping the two tables of
    random subjects, the observed ones counting as one of the permutations.
    """
    subjects, size = len(first), first.shape[-1]
    flat = [table.reshape(subjects, -1) for table in (first, second)]
    value = _apart(flat[0].sum(axis=0), flat[1].sum(axis=0), size)
    if not np.isfinite(value):
        nan = float("nan")
        return Difference(nan, nan, nan, nan, n, True)
    drawn = resampler.counts(subjects)
    spread = _apart(drawn @ flat[0], drawn @ flat[1], size)
    low, high = percentile(spread[np.isfinite(spread)])
    swaps = resampler.generator("swap", str(subjects)).integers(0, 2, (resampler.draws, subjects))
    moved = swaps.astype(float) @ (flat[1] - flat[0])
    swapped = _apart(flat[0].sum(axis=0) + moved, flat[1].sum(axis=0) - moved, size)
    reached = np.abs(swapped) >= abs(float(value)) - 1e-12
    p = float((1 + reached.sum()) / (1 + resampler.draws))
    return Difference(float(value), low, high, p, n, subjects < 2 or high - low < 1e-12)


def _apart(first: np.ndarray, second: np.ndarray, size: int) -> np.ndarray:
    shape = (*first.shape[:-1], size, size)
    return np.asarray(kappa(first.reshape(shape)) - kappa(second.reshape(shape)))


def _tables(cells: np.ndarray, size: int, clusters: Clusters) -> np.ndarray:
    each = np.bincount(clusters.codes * size**2 + cells, minlength=clusters.count * size**2)
    return each.reshape(clusters.count, size, size).astype(float)


def _corrected(found: list[ArmDifference]) -> list[ArmDifference]:
    known = [one for one in found if np.isfinite(one.found.p)]
    raised = dict(zip(map(id, known), holm(np.array([one.found.p for one in known])), strict=True))
    return [replace(one, holm=float(raised.get(id(one), float("nan")))) for one in found]
