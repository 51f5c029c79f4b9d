"""The plain script's figures: scikit-learn's functions inside scipy.stats.bootstrap, one by one."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from scipy import stats
from sklearn.metrics import (
    balanced_accuracy_score,
    cohen_kappa_score,
    matthews_corrcoef,
    recall_score,
    roc_auc_score,
)

Columns = dict[str, np.ndarray]


def calls(found: Columns, truth: np.ndarray, people: np.ndarray) -> list[tuple[int, Callable[[int], Any]]]:
    """How many figures of a kind the pass gives, and one such figure for a number of resamples.

    Only kinds that scikit-learn and SciPy can give: ours makes more.
    """
    told, before = found["protected.diagnosis"].argmax(axis=1), found["original.diagnosis"].argmax(axis=1)
    names = np.unique(truth)
    positive = truth == names[0]
    paired = partial(_bootstrap, vectorized=False)
    return [
        (len(names), partial(paired, (told == 0, before == 0), cohen_kappa_score)),
        (1, partial(paired, (told, before), cohen_kappa_score)),
        # Sensitivity, specificity and both predictive values of every class.
        (4 * len(names), partial(paired, (positive, told == 0), recall_score)),
        (1, partial(paired, (np.searchsorted(names, truth), told), matthews_corrcoef)),
        (2, partial(paired, (np.searchsorted(names, truth), told), balanced_accuracy_score)),
        (len(names), partial(paired, (positive, found["protected.diagnosis"][:, 0]), roc_auc_score)),
        # The naive attacker, the parrot, and the untouched reference.
        (3, _Verification(found["original.identity"], found["protected.identity"], people)),
        # Two accuracies and their classes, matching, four detections, ID-Dis, PSNR, SSIM, perception,
        # three for gaze and eighteen for landmarks.
        (46, partial(_bootstrap, (found["ssim"],), np.mean, vectorized=True)),
    ]


class _Verification:
    """scikit-learn's AUC of all pairs of pictures; people are drawn, and a pair weighs their product."""

    def __init__(self, left: np.ndarray, right: np.ndarray, people: np.ndarray) -> None:
        self.rows, self.columns = np.triu_indices(len(people), k=1)
        self.names, self.codes = np.unique(people, return_inverse=True)
        self.same = self.codes[self.rows] == self.codes[self.columns]
        self.near = -np.linalg.norm(left[self.rows] - right[self.columns], axis=1)

    def __call__(self, draws: int) -> Any:
        rng = np.random.default_rng(0)
        found = []
        for _ in range(draws):
            counts = np.bincount(rng.integers(0, len(self.names), len(self.names)), minlength=len(self.names))
            first, second = counts[self.codes[self.rows]], counts[self.codes[self.columns]]
            weights = np.where(self.same, first, first * second)
            found.append(roc_auc_score(self.same, self.near, sample_weight=weights))
        return np.quantile(found, [0.025, 0.975])


def _bootstrap(columns: tuple[np.ndarray, ...], statistic: Callable, draws: int, vectorized: bool) -> Any:
    return stats.bootstrap(
        columns,
        statistic,
        n_resamples=draws,
        paired=len(columns) > 1,
        vectorized=vectorized,
        method="percentile",
        rng=0,
    ).confidence_interval


def seconds(found: Columns, truth: np.ndarray, people: np.ndarray, draws: int, timed: int) -> float:
    """Processor seconds of all figures with ``draws`` resamples, scaled up from ``timed`` of them."""
    total = 0.0
    for times, call in calls(found, truth, people):
        start = time.process_time()
        call(timed)
        total += times * (time.process_time() - start) * draws / timed
    return total
