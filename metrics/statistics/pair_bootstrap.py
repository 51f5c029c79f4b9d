"""Bootstrap of verification figures over subjects, from histograms of pair distances.

A subject drawn w times stands for w people: its genuine pairs weigh w (pairs of a person with
its own copy do not exist), and an impostor pair of subjects s and t weighs w_s * w_t. So every
draw's ROC is a row of matrix products, whatever the number of pairs.

The bins are quantiles of both kinds of distance, finer where FAR is small or near the equal error
rate, with the thresholds of the point estimates among their edges. Within a bin the ROC is taken
as straight, and the draws are shifted by what that costs the whole sample: the ends of an AUC's
interval are off by less than 1e-3, an EER's by less than 2e-3 (tests compare with loops over pairs).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from medbench.metrics.statistics.ratio_of_sums import divide
from medbench.metrics.statistics.roc import crossing

if TYPE_CHECKING:
    from medbench.metrics.pairs import Pairs
    from medbench.metrics.statistics.resample import Resampler


@dataclass(frozen=True)
class RocDraws:
    """Rates (1 + D, B) at which strangers and same people are accepted at each edge.

    Row 0 is the sample itself, the others are its resamples.
    """

    false_accept: np.ndarray
    true_accept: np.ndarray

    def auc(self) -> np.ndarray:
        """Area under each draw's ROC by trapezia: (1 + D,)."""
        step = np.diff(self.false_accept, axis=1, prepend=0.0)
        before = np.concatenate([np.zeros((len(step), 1)), self.true_accept[:, :-1]], axis=1)
        return (step * (before + self.true_accept) / 2).sum(axis=1)

    def eer(self) -> np.ndarray:
        """Crossing of each draw's FAR and FRR: (1 + D,)."""
        at = np.argmax(self.false_accept >= 1 - self.true_accept, axis=1)
        accept0, reject0 = self._pick(self.false_accept, at - 1), 1 - self._pick(self.true_accept, at - 1)
        accept1, reject1 = self._pick(self.false_accept, at), 1 - self._pick(self.true_accept, at)
        return crossing(accept0, reject0, accept1, reject1)

    def tar(self, far: float) -> np.ndarray:
        """TAR of each draw where its FAR reaches ``far``, straight between edges: (1 + D,)."""
        at = np.argmax(self.false_accept > far, axis=1)
        accept0, accept1 = self._pick(self.false_accept, at - 1), self._pick(self.false_accept, at)
        true0, true1 = self._pick(self.true_accept, at - 1), self._pick(self.true_accept, at)
        part = divide(far - accept0, accept1 - accept0)
        return true0 + (true1 - true0) * part

    @staticmethod
    def _pick(rates: np.ndarray, at: np.ndarray) -> np.ndarray:
        return np.where(at >= 0, np.take_along_axis(rates, np.maximum(at, 0)[:, None], axis=1)[:, 0], 0.0)


def bin_edges(
    genuine: np.ndarray, impostor: np.ndarray, equal: float, thresholds: tuple[float, ...]
) -> np.ndarray:
    """Upper edges (B,) of the bins, increasing; the last is infinite and holds only unseen faces.

    Args:
        genuine: Sorted distances of the same person's pairs.
        impostor: Sorted distances of different people's pairs.
        equal: Equal error rate, around which the bins are fine as well.
        thresholds: Distances that must be edges.
    """
    tail = np.unique((np.geomspace(2e-5, 2e-2, 40) * len(impostor)).astype(int))
    picks = [
        impostor[np.minimum(tail, len(impostor) - 1)],
        impostor[(np.linspace(0, 1, 25) * (len(impostor) - 1)).astype(int)],
        impostor[(np.linspace(0.5, 1.5, 24) * min(equal, 0.6) * (len(impostor) - 1)).astype(int)],
        genuine[(np.linspace(0, 1, 25) * (len(genuine) - 1)).astype(int)],
        np.asarray(thresholds),
    ]
    edges = np.unique(np.concatenate(picks))
    return np.append(edges[np.isfinite(edges)], np.inf)


def roc_draws(pairs: Pairs, edges: np.ndarray, resampler: Resampler) -> RocDraws:
    """ROC of the sample itself (row 0) and of every draw, at the ``edges`` (B,) of :func:`bin_edges`."""
    size = len(edges)
    counts = np.vstack([np.ones(pairs.subjects), resampler.counts(pairs.subjects)])
    weights = counts.astype(np.float32)
    bins = np.searchsorted(edges, pairs.distances)
    genuine = np.zeros((pairs.subjects, size))
    impostor = np.zeros((len(counts), size))
    owner = np.repeat(np.arange(pairs.subjects), np.diff(pairs.starts))
    for subject in range(pairs.subjects):
        genuine[subject] = np.bincount(pairs.genuine(subject, bins), minlength=size)
        later = (owner[pairs.starts[subject + 1] :] - subject - 1) * size
        cells = (pairs.impostor(subject, bins) + later).ravel()
        others = pairs.subjects - subject - 1
        histograms = np.bincount(cells, minlength=others * size).reshape(others, size)
        met = weights[:, subject + 1 :] @ histograms.astype(np.float32)
        impostor += weights[:, subject, None] * met
    return RocDraws(_shares(impostor), _shares(counts @ genuine))


def _shares(histograms: np.ndarray) -> np.ndarray:
    total = histograms.sum(axis=1, keepdims=True)
    return divide(histograms.cumsum(axis=1), np.broadcast_to(total, histograms.shape))
