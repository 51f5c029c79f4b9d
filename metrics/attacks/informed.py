"""The informed attacker: a recogniser's head fitted anew on protected pictures of known people.

The attacker runs the method on people of its own, none of whom is evaluated, and so holds pairs of clear
and protected pictures. In the clear pictures' embeddings it finds the directions that tell people
apart (LDA); from a protected picture (its pixels and its embedding) it learns to predict where the
clear one lies (ridge regression). Probes are then looked up in the clear gallery by the angle between
the prediction and each gallery face.

After McPherson, Shokri and Shmatikov, "Defeating image obfuscation with deep learning", 2016, with
closed forms in place of a network trained for hours.
"""

from __future__ import annotations

import cv2
import numpy as np

from medbench.metrics.attacks.ridge import DualRidge

#: Side of the pictures whose pixels are looked at.
SMALL = 32
#: Most directions kept of the clear embeddings.
DIRECTIONS = 40


class Informed:
    """Fit on the attacker's own people, then take galleries and probes into one space."""

    def __init__(
        self, crops: np.ndarray, embeddings: np.ndarray, clear: np.ndarray, people: np.ndarray
    ) -> None:
        """Fit.

        Args:
            crops: (n, S, S, 3) uint8, protected.
            embeddings: (n, F) of the protected pictures; a row of NaN is a face not seen.
            clear: (n, F) of the clear pictures, finite.
            people: (n,) integer codes of at least two people, several pictures each.
        """
        from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

        most = min(DIRECTIONS, clear.shape[1], len(np.unique(people)) - 1)
        self._lda = LinearDiscriminantAnalysis(solver="eigen", shrinkage="auto", n_components=most)
        self._lda.fit(clear, people)
        self._middle = self._lda.transform(clear).mean(axis=0)
        self._scales = _spread(_pixels(crops)), _spread(_seen(embeddings))
        targets = self._lda.transform(clear) - self._middle
        self._ridge = DualRidge(self._features(crops, embeddings), targets, people)

    def gallery(self, clear: np.ndarray) -> np.ndarray:
        """Clear embeddings (m, F) in the attacker's space: unit vectors (m, K), NaN where unseen."""
        known = np.isfinite(clear).all(axis=1)
        found = np.full((len(clear), len(self._middle)), np.nan)
        if known.any():
            found[known] = _unit(self._lda.transform(clear[known]) - self._middle)
        return found

    def probes(self, crops: np.ndarray, embeddings: np.ndarray) -> np.ndarray:
        """Protected pictures in the same space: unit vectors (m, K)."""
        return _unit(self._ridge.predict(self._features(crops, embeddings)))

    def _features(self, crops: np.ndarray, embeddings: np.ndarray) -> np.ndarray:
        """Pixels and embedding side by side, each block of the same weight."""
        blocks = (_pixels(crops), _seen(embeddings))
        return np.hstack([block / scale for block, scale in zip(blocks, self._scales, strict=True)])


def _pixels(crops: np.ndarray) -> np.ndarray:
    small = [cv2.resize(crop, (SMALL, SMALL), interpolation=cv2.INTER_AREA) for crop in crops]
    return np.stack(small).reshape(len(crops), -1) / 255.0


def _seen(embeddings: np.ndarray) -> np.ndarray:
    return np.nan_to_num(embeddings)


def _spread(block: np.ndarray) -> float:
    return max(float(np.sqrt(block.var(axis=0).sum())), 1e-9)


def _unit(rows: np.ndarray) -> np.ndarray:
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    return rows / np.maximum(length, 1e-12)
