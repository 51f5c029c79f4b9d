"""D_sys of two sets of embeddings, with its draws and with the level that chance alone gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from medbench.metrics.pairs import Pairs, pairs_of
from medbench.metrics.statistics.pair_bootstrap import roc_draws
from medbench.metrics.statistics.unlinkability import d_sys, linkability_edges, shares

if TYPE_CHECKING:
    from medbench.metrics.statistics.clusters import Clusters
    from medbench.metrics.statistics.resample import Resampler

#: Times that the subjects are dealt out anew among the images, to see what chance gives.
SHUFFLES = 20


@dataclass(frozen=True)
class Linkability:
    """``value`` of D_sys, its ``draws`` (D,), and the mean ``floor`` with subjects dealt at random."""

    value: float
    draws: np.ndarray
    floor: float | None


def linkability(left: np.ndarray, right: np.ndarray, clusters: Clusters, resampler: Resampler) -> Linkability:
    """D_sys over all pairs of different images of (n, F) and (n, F) embeddings of the same images.

    A resample is noisier than the sample and so has a larger D_sys: the draws are shifted by that.
    NaN without genuine or impostor pairs.
    """
    pairs = pairs_of(left, right, clusters.codes)
    mated, non_mated = pairs.all_sorted()
    if not (len(mated) and len(non_mated)):
        return Linkability(float("nan"), np.full(resampler.draws, np.nan), None)
    edges = linkability_edges(mated, non_mated)
    rates = roc_draws(pairs, edges, resampler)
    rows = d_sys(np.diff(rates.true_accept, prepend=0.0), np.diff(rates.false_accept, prepend=0.0))
    draws = np.clip(rows[1:] + rows[0] - np.nanmean(rows[1:]), 0, 1)
    return Linkability(float(rows[0]), draws, _floor(pairs, clusters, edges, resampler))


def _floor(pairs: Pairs, clusters: Clusters, edges: np.ndarray, resampler: Resampler) -> float:
    generator = resampler.generator("linkability", str(len(clusters.codes)))
    found = []
    for _ in range(SHUFFLES):
        order = generator.permutation(len(pairs.distances))
        dealt = Pairs(pairs.distances[np.ix_(order, order)], pairs.starts, pairs.both_ways)
        found.append(d_sys(*(shares(side, edges) for side in dealt.all_sorted())))
    return float(np.mean(found))
