"""Wasserstein-1 distances of two samples of one size: along a line, and of categories."""

from __future__ import annotations

import numpy as np


def line_distance(left: np.ndarray, right: np.ndarray) -> float:
    """Distance of two samples (N,) on a line: the mean gap between their sorted values."""
    return float(np.abs(np.sort(left) - np.sort(right)).mean())


def category_distance(left: np.ndarray, right: np.ndarray) -> float:
    """Distance of two samples (N,) of codes, any two categories 1 apart: in [0, 1].

    That is the total variation distance, half the sum of the differences between the shares.
    """
    size = int(max(left.max(), right.max())) + 1
    apart = np.bincount(left, minlength=size) - np.bincount(right, minlength=size)
    return float(np.abs(apart).sum() / (2 * len(left)))
