"""Groups of k faces: the greedy partition of k-same."""

from __future__ import annotations

import numpy as np


def partition(descriptors: np.ndarray, k: int) -> np.ndarray:
    """Return a cluster number (N,) for each face; every cluster holds at least k of them.

    As in Newton, Sweeney and Malin (2005): the first face left takes its k - 1 nearest; the last
    fewer than 2 k stay together. Equal distances go to the earlier face.

    Raises:
        ValueError: there are fewer than k faces.

    """
    if len(descriptors) < k:
        raise ValueError(f"{len(descriptors)} faces cannot make a cluster of {k}")
    labels = np.full(len(descriptors), -1)
    left, number = np.arange(len(descriptors)), 0
    while len(left) >= 2 * k:
        apart = np.square(descriptors[left] - descriptors[left[0]]).sum(axis=1)
        members = left[np.argsort(apart, kind="stable")[:k]]
        labels[members] = number
        left, number = np.setdiff1d(left, members), number + 1
    labels[left] = number
    return labels


def means(values: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Mean of ``values`` (N, …) over each cluster: (clusters, …)."""
    return np.stack([values[labels == number].mean(axis=0) for number in range(labels.max() + 1)])


def furthest(centres: np.ndarray) -> np.ndarray:
    """For each cluster, the number of the one whose centre lies furthest away."""
    apart = np.square(centres[:, None] - centres[None]).sum(axis=2)
    return apart.argmax(axis=1)
