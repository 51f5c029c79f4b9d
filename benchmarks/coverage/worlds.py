"""Worlds whose truth is known: suites are drawn from them as patients come, several images each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import norm

from medbench.core import DISEASES
from medbench.metrics.statistics.clusters import Clusters

CLASSES = len(DISEASES)
ACCURACY, KAPPA, DISTANCE, AREA = 0.85, 0.75, 1.1, 0.9
#: Diseases that count as positive for AUROC: a quarter of the people.
POSITIVE = 2
#: Share of a value's variance that a person's images have in common.
SHARED = 0.4
#: Mean of Beta(6, 1.5), with 4 % of tumours missed altogether.
DICE = 0.96 * 6 / 7.5
TRUTH = {
    "accuracy": ACCURACY,
    "macro accuracy": ACCURACY,
    "kappa": KAPPA,
    "id_dis": DISTANCE,
    "dice": DICE,
    "auroc": AREA,
}


@dataclass(frozen=True)
class Suite:
    """One simulated suite of N images; the columns are what the metrics would see."""

    clusters: Clusters
    disease: np.ndarray
    hits: np.ndarray
    cells: np.ndarray
    distances: np.ndarray
    dice: np.ndarray
    scores: np.ndarray
    positive: np.ndarray


def people(n: int, clustered: bool) -> Clusters:
    """Who is on which image: n people with one each; or 43 (small) or 900 with one or more."""
    if not clustered:
        return Clusters(np.arange(n), n, "image")
    count = 43 if n < 1000 else 900
    more = np.random.default_rng(n).multinomial(n - count, np.full(count, 1 / count))
    return Clusters(np.repeat(np.arange(count), 1 + more), count, "subject")


def draw(clusters: Clusters, rng: np.random.Generator) -> Suite:
    """Draw a suite: a person's images share the disease and part of every error."""
    n, codes = len(clusters.codes), clusters.codes

    def gaussian() -> np.ndarray:
        """Standard normal, correlated by ``SHARED`` within a person."""
        own = rng.normal(size=clusters.count)[codes]
        return np.sqrt(SHARED) * own + np.sqrt(1 - SHARED) * rng.normal(size=n)

    disease = rng.integers(0, CLASSES, clusters.count)[codes]
    told = np.where(gaussian() < norm.ppf(KAPPA), disease, rng.integers(0, CLASSES, n))
    positive = disease < POSITIVE
    return Suite(
        clusters,
        disease,
        hits=(gaussian() < norm.ppf(ACCURACY)).astype(float),
        cells=disease * CLASSES + told,
        distances=DISTANCE * np.exp(0.35 * gaussian() - 0.35**2 / 2),
        dice=_dice(gaussian()),
        scores=gaussian() + positive * norm.ppf(AREA) * np.sqrt(2),
        positive=positive,
    )


def _dice(gaussian: np.ndarray) -> np.ndarray:
    """Zero for the lowest 4 %, Beta(6, 1.5) for the others: skewed, with a lump at the edge."""
    from scipy.special import betaincinv

    level = norm.cdf(gaussian)
    return np.where(level < 0.04, 0.0, betaincinv(6, 1.5, np.clip((level - 0.04) / 0.96, 0, 1)))
