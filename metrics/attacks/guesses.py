"""Which of several guessed keys an attacker believes in."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from medbench.metrics.pairs import distance_matrix


def likeliest(opened: Sequence[np.ndarray], gallery: np.ndarray) -> np.ndarray:
    """Of each probe, the opened picture that looks most like somebody in the gallery.

    The attacker cannot see which key was right, but a rightly opened face lies near a known one. The
    probe's own clear image is not in the gallery.

    Args:
        opened: For each guess, embeddings (N, F); NaN rows where it opened nothing.
        gallery: (N, F) clear embeddings of the same pictures.

    Returns:
        (N, F), NaN where no guess left a face.
    """
    nearest = []
    for guess in opened:
        near = distance_matrix(guess, gallery)
        np.fill_diagonal(near, np.inf)
        nearest.append(near.min(axis=1, initial=np.inf))
    best = np.argmin(nearest, axis=0)
    return np.stack(opened)[best, np.arange(len(best))]


def universal(opened: Sequence[np.ndarray], clear: np.ndarray) -> int:
    """The guess that opens most of all pictures: whose embeddings lie nearest the clear ones in the mean.

    Args:
        opened: For each guess, embeddings (m, F) of the attacker's own pictures.
        clear: (m, F) of the same pictures before protection.
    """
    apart = [np.linalg.norm(guess - clear, axis=1) for guess in opened]
    return int(np.argmin([np.where(np.isfinite(d), d, 10.0).mean() for d in apart]))
