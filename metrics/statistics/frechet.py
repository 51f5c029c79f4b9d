"""How far apart two sets of features lie: Fréchet distance of normals, and a kernel distance."""

from __future__ import annotations

import numpy as np


def frechet_distance(left: np.ndarray, right: np.ndarray) -> float:
    """Squared Fréchet distance of the normal distributions fitted to features (N, F) and (M, F).

    |m1 - m2|² + tr(C1 + C2 - 2 (C1 C2)^½), with the covariances over n - 1.

    Source: Heusel et al. 2017 (FID is this of Inception-v3 features).
    """
    apart = left.mean(axis=0) - right.mean(axis=0)
    first, second = (np.atleast_2d(np.cov(side, rowvar=False)) for side in (left, right))
    values, vectors = np.linalg.eigh(first)
    root = (vectors * np.sqrt(np.maximum(values, 0.0))) @ vectors.T
    shared = np.sqrt(np.maximum(np.linalg.eigvalsh(root @ second @ root), 0.0)).sum()
    return float(max(apart @ apart + np.trace(first) + np.trace(second) - 2 * shared, 0.0))


def kernel_distance(left: np.ndarray, right: np.ndarray) -> float:
    """Unbiased squared maximum mean discrepancy of features (N, F) and (M, F) under (x·y / F + 1)³.

    Source: Binkowski et al. 2018 (KID is this of Inception-v3 features, all samples at once).
    """
    size, n, m = left.shape[1], len(left), len(right)
    own_left, own_right, between = (
        (a @ b.T / size + 1) ** 3 for a, b in ((left, left), (right, right), (left, right))
    )
    within = (own_left.sum() - np.trace(own_left)) / (n * (n - 1))
    within += (own_right.sum() - np.trace(own_right)) / (m * (m - 1))
    return float(within - 2 * between.mean())
