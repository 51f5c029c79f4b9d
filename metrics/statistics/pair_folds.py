"""Verification accuracy over folds, the threshold of each from the other folds: LFW's protocol."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class FoldAccuracy:
    """``accuracies`` and ``thresholds`` (F,) of the folds, and the standard error of their mean."""

    accuracies: np.ndarray
    thresholds: np.ndarray

    @property
    def mean(self) -> float:
        """Mean accuracy over the folds."""
        return float(self.accuracies.mean())

    @property
    def standard_error(self) -> float:
        """LFW's: the folds' standard deviation (n - 1) over the root of their number."""
        return float(self.accuracies.std(ddof=1) / np.sqrt(len(self.accuracies)))

    def interval(self, level: float = 0.95) -> tuple[float, float]:
        """Student's interval of the mean over the folds, cut off at 0 and 1."""
        from scipy.special import stdtrit

        half = float(stdtrit(len(self.accuracies) - 1, (1 + level) / 2)) * self.standard_error
        return max(0.0, self.mean - half), min(1.0, self.mean + half)


def best_threshold(distances: np.ndarray, same: np.ndarray) -> float:
    """The distance up to which "same" is said with most answers right.

    Between the two neighbouring distances, at the lowest place where several do equally well.

    Args:
        distances: (P,) of pairs; infinite where a face was not seen, which is never "same".
        same: (P,) bool.
    """
    seen = np.isfinite(distances)
    order = np.argsort(distances[seen], kind="stable")
    ranked, told = distances[seen][order], same[seen][order]
    gained = np.concatenate([[0], np.cumsum(np.where(told, 1, -1))])
    between = np.concatenate([[True], ranked[1:] > ranked[:-1], [True]])[: len(gained)]
    at = int(np.argmax(np.where(between, gained, -len(gained) - 1)))
    if at == 0:
        return float(ranked[0]) - 1.0 if len(ranked) else 0.0
    return float(ranked[at - 1] + (ranked[at] - ranked[at - 1]) / 2 if at < len(ranked) else ranked[-1])


def fold_accuracy(
    distances: np.ndarray, same: np.ndarray, folds: np.ndarray, learn_from: np.ndarray | None = None
) -> FoldAccuracy:
    """Accuracy of "same person" in each fold, at the threshold that is best in all the others.

    Args:
        distances: (P,) between the two faces of each pair; infinite where a face was not seen.
        same: (P,) bool, one person or two.
        folds: (P,) fold of each pair, in [0, F), F of 2 or more (LFW's view 2: 10 of 600).
        learn_from: (P,) distances of the same pairs in which the threshold is sought instead, as
            an attacker does who knows clear faces alone; ``distances`` where none are given.

    Source: Huang et al. 2007, LFW view 2.
    """
    known = distances if learn_from is None else learn_from
    count = int(folds.max()) + 1
    accuracies, thresholds = np.empty(count), np.empty(count)
    for fold in range(count):
        test = folds == fold
        thresholds[fold] = best_threshold(known[~test], same[~test])
        accuracies[fold] = ((distances[test] <= thresholds[fold]) == same[test]).mean()
    return FoldAccuracy(accuracies, thresholds)
