"""Accuracy of a diagnosis network: of every class, of all images, and the mean of the classes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from medbench.core import DISEASES
from medbench.metrics.statistics.clusters import clusters_of
from medbench.metrics.statistics.estimating import mean_estimate, settle
from medbench.metrics.statistics.ratio_of_sums import divide
from medbench.metrics.statistics.tables import table_draws

if TYPE_CHECKING:
    from medbench.core import Estimate, Seen
    from medbench.metrics.metric import Metric
    from medbench.metrics.statistics.clusters import Clusters
    from medbench.metrics.statistics.resample import Resampler


def truth_codes(seen: Seen) -> np.ndarray:
    """Index into DISEASES of each sample's disease, -1 where it is none of them: (N,)."""
    order = {name: code for code, name in enumerate(DISEASES)}
    return np.array([order.get(str(name), -1) for name in seen.column("truth.disease")], dtype=int)


def correct(probabilities: np.ndarray, codes: np.ndarray, keep: np.ndarray) -> np.ndarray:
    """1 where the most probable class is the truth, 0 where not or unseen; NaN where not asked: (N,)."""
    known = np.isfinite(probabilities).all(axis=1)
    hit = known & (np.argmax(np.nan_to_num(probabilities), axis=1) == codes)
    return np.where(keep & (codes >= 0), hit.astype(float), np.nan)


def macro(tables: np.ndarray) -> np.ndarray:
    """Mean of the class accuracies of tables (..., 8, 2): class by missed and hit.

    A table that misses a class gives the mean of the others, as scikit-learn's
    balanced_accuracy_score has it; an empty one gives NaN.
    """
    shares = divide(tables[..., 1], tables.sum(axis=-1))
    known = np.isfinite(shares)
    return divide(np.where(known, shares, 0.0).sum(axis=-1), known.sum(axis=-1).astype(float))


def macro_influences(hits: np.ndarray, codes: np.ndarray, clusters: Clusters) -> np.ndarray:
    """Influence (S,) of each cluster on the mean class accuracy of (N,) hits with classes ``codes``."""
    sizes = np.bincount(codes)
    rates = divide(np.bincount(codes, hits), sizes.astype(float))
    own = (hits - rates[codes]) / (sizes[codes] * np.count_nonzero(sizes))
    return np.bincount(clusters.codes, own, minlength=clusters.count)


def accuracies(
    metric: Metric, hits: np.ndarray, seen: Seen, resampler: Resampler, reading: str
) -> list[Estimate]:
    """Macro (``all``), micro and per-class accuracy of (N,) hits; NaN is not scored."""
    codes = truth_codes(seen)
    scored = np.isfinite(hits)
    present = np.unique(codes[scored])
    clusters = clusters_of(seen).take(scored)
    cells = codes[scored] * 2 + hits[scored].astype(int)
    table, draws = table_draws(cells, len(DISEASES) * 2, clusters, resampler)
    found = [
        settle(
            metric,
            "all",
            float(macro(table.reshape(-1, 2))),
            macro(draws.reshape(len(draws), -1, 2)),
            n=int(scored.sum()),
            clusters=clusters,
            reading=reading,
            chance=1 / len(present) if len(present) else None,
            share=True,
        ),
        mean_estimate(metric, "micro", hits, seen, resampler, reading=reading, share=True),
    ]
    for code in present:
        of_class = np.where(codes == code, hits, np.nan)
        group = f"class={DISEASES[code]}"
        found.append(mean_estimate(metric, group, of_class, seen, resampler, reading=reading, share=True))
    return found
