"""Bootstrap of verification figures over subjects, from histograms of pair distances.

A subject drawn w times stands for w people: its genuine pairs weigh w (pairs of a person with
its own copy do not exist), and an impostor pair of subjects s and t weighs w_s * w_t. So every
draw's ROC is one row of two matrix products, whatever the number of pairs.

The bins are quantiles of both kinds of distance, finer where FAR is small, with the thresholds
of the point estimates among their edges. Within a bin the ROC is taken as straight; with the
draws shifted to the exact AUC the error stays below 1e-3 (tests compare with loops over pairs).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from medbench.metrics.statistics.ratio_of_sums import divide
from medbench.metrics.statistics.roc import crossing

if TYPE_CHECKING:
    from medbench.metrics.statistics.resample import Resampler

_BLOCK = 16_384


@dataclass(frozen=True)
class RocDraws:
    """Cumulative rates of each draw at each bin edge: (D, B) accepted strangers and same people."""

    false_accept: np.ndarray
    true_accept: np.ndarray

    def auc(self) -> np.ndarray:
        """Area under each draw's ROC by trapezia: (D,)."""
        step = np.diff(self.false_accept, axis=1, prepend=0.0)
        before = np.concatenate([np.zeros((len(step), 1)), self.true_accept[:, :-1]], axis=1)
        return (step * (before + self.true_accept) / 2).sum(axis=1)

    def eer(self) -> np.ndarray:
        """Crossing of each draw's FAR and FRR: (D,)."""
        at = np.argmax(self.false_accept >= 1 - self.true_accept, axis=1)
        accept0, reject0 = self._pick(self.false_accept, at - 1), 1 - self._pick(self.true_accept, at - 1)
        accept1, reject1 = self._pick(self.false_accept, at), 1 - self._pick(self.true_accept, at)
        return np.asarray(crossing(accept0, reject0, accept1, reject1))

    def tar(self, far: float) -> np.ndarray:
        """TAR of each draw where its FAR reaches ``far``, straight between edges: (D,)."""
        at = np.argmax(self.false_accept > far, axis=1)
        accept0, accept1 = self._pick(self.false_accept, at - 1), self._pick(self.false_accept, at)
        true0, true1 = self._pick(self.true_accept, at - 1), self._pick(self.true_accept, at)
        part = divide(far - accept0, accept1 - accept0)
        return true0 + (true1 - true0) * part

    @staticmethod
    def _pick(rates: np.ndarray, at: np.ndarray) -> np.ndarray:
        return np.where(at >= 0, np.take_along_axis(rates, np.maximum(at, 0)[:, None], axis=1)[:, 0], 0.0)


def bin_edges(genuine: np.ndarray, impostor: np.ndarray, thresholds: tuple[float, ...]) -> np.ndarray:
    """Upper edges (B,) of the bins, increasing; the last is infinite and holds only unseen faces.

    Args:
        genuine: Sorted distances of the same person's pairs.
        impostor: Sorted distances of different people's pairs.
        thresholds: Distances that must be edges.
    """
    tail = np.unique((np.geomspace(2e-5, 2e-2, 40) * len(impostor)).astype(int))
    picks = [
        impostor[np.minimum(tail, len(impostor) - 1)],
        np.quantile(impostor, np.linspace(0, 1, 33), method="lower"),
        np.quantile(genuine, np.linspace(0, 1, 33), method="lower"),
        np.asarray(thresholds),
    ]
    edges = np.unique(np.concatenate(picks))
    return np.append(edges[np.isfinite(edges)], np.inf)


def roc_draws(
    distances: np.ndarray,
    first: np.ndarray,
    second: np.ndarray,
    subjects: int,
    edges: np.ndarray,
    resampler: Resampler,
) -> RocDraws:
    """Resample the subjects and return every draw's ROC at the edges.

    Args:
        distances: (P,) of all pairs.
        first: (P,) subject of one side, in [0, subjects).
        second: (P,) subject of the other side; equal to ``first`` in a genuine pair.
        subjects: How many there are.
        edges: (B,) from :func:`bin_edges`.
        resampler: Draws the subjects.
    """
    bins, size = np.searchsorted(edges, distances), len(edges)
    same = first == second
    counts = resampler.counts(subjects)
    flat = np.bincount(first[same] * size + bins[same], minlength=subjects * size)
    genuine = counts @ flat.reshape(subjects, size)
    impostor = np.zeros_like(genuine)
    low, high = np.minimum(first, second)[~same], np.maximum(first, second)[~same]
    couple, where = np.unique(low * subjects + high, return_inverse=True)
    flat = np.bincount(where * size + bins[~same], minlength=len(couple) * size)
    histograms = flat.reshape(-1, size).astype(np.float32)
    weights = counts.astype(np.float32)
    for start in range(0, len(couple), _BLOCK):
        block = couple[start : start + _BLOCK]
        both = weights[:, block // subjects] * weights[:, block % subjects]
        impostor += both @ histograms[start : start + _BLOCK]
    return RocDraws(_shares(impostor), _shares(genuine))


def _shares(histograms: np.ndarray) -> np.ndarray:
    total = histograms.sum(axis=1, keepdims=True)
    return divide(histograms.cumsum(axis=1), np.broadcast_to(total, histograms.shape))
