"""AUC, EER and TAR at a FAR from distances, exactly: a small distance means the same person."""

from __future__ import annotations

import numpy as np

Rate = float | np.ndarray


def auc(genuine: np.ndarray, impostor: np.ndarray) -> float:
    """Chance that a genuine pair (G,) is nearer than an impostor pair (P,), sorted; ties count half."""
    farther = len(impostor) - np.searchsorted(impostor, genuine, side="right")
    tied = len(impostor) - np.searchsorted(impostor, genuine, side="left") - farther
    return float((farther + tied / 2).mean() / len(impostor))


def eer(genuine: np.ndarray, impostor: np.ndarray) -> tuple[float, float]:
    """Rate at which false accepts equal false rejects, and the threshold there.

    Args:
        genuine: (G,) sorted distances of the same person's pairs.
        impostor: (P,) sorted distances of different people's pairs.

    Returns:
        The crossing of the piecewise linear ROC with the line FAR = 1 - TAR, and the lower of
        the two thresholds between which it lies.
    """
    every = max(len(impostor) // 1000, 1)
    coarse = np.unique(np.concatenate([genuine, impostor[::every], impostor[-1:]]))
    accept, reject = _rates(genuine, impostor, coarse)
    stop = int(np.argmax(accept >= reject))
    low, high = coarse[max(stop - 2, 0)], coarse[stop]
    thresholds = np.unique(np.concatenate([_between(genuine, low, high), _between(impostor, low, high)]))
    false_accept, false_reject = _rates(genuine, impostor, thresholds)
    at = int(np.argmax(false_accept >= false_reject))
    before = (0.0, 1.0) if at == 0 else (false_accept[at - 1], false_reject[at - 1])
    rate = crossing(before[0], before[1], false_accept[at], false_reject[at])
    return float(rate), float(thresholds[max(at - 1, 0)])


def _rates(genuine: np.ndarray, impostor: np.ndarray, at: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    accept = np.searchsorted(impostor, at, side="right") / len(impostor)
    return accept, 1 - np.searchsorted(genuine, at, side="right") / len(genuine)


def _between(values: np.ndarray, low: float, high: float) -> np.ndarray:
    return values[np.searchsorted(values, low) : np.searchsorted(values, high, side="right")]


def crossing(accept0: Rate, reject0: Rate, accept1: Rate, reject1: Rate) -> np.ndarray:
    """Where accept = reject on the way from point 0 (accept below reject) to point 1. Broadcasts."""
    gap = reject0 - accept0
    closing = gap + accept1 - reject1
    return np.asarray(accept0 + (accept1 - accept0) * gap / np.where(np.asarray(closing) > 0, closing, 1.0))


def tar(genuine: np.ndarray, threshold: float) -> float:
    """Share of genuine distances (sorted) at or below a threshold."""
    return float(np.searchsorted(genuine, threshold, side="right") / len(genuine))
