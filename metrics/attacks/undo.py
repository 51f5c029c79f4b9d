"""The reconstructing attacker: one linear layer that turns a protected face back, fitted in closed form.

From pairs of the attacker's own people it learns the map from all pixels of a protected face to all
pixels of the clear one. A recogniser that was never told about the protection then looks at what
comes out. Blur and mosaic are linear themselves, so that a linear map is the right one to undo them.
"""

from __future__ import annotations

import cv2
import numpy as np

from medbench.metrics.attacks.ridge import DualRidge

#: Sides in pixels of what is looked at and of what is drawn.
LOOKED_AT, DRAWN = 64, 96
#: Directions in which clear faces differ that are drawn; what lies beyond cannot be told from a blur.
EIGENFACES = 400


class Undo:
    """Fit on pairs of the attacker's own people, then draw the clear face of others."""

    def __init__(self, protected: np.ndarray, clear: np.ndarray, people: np.ndarray) -> None:
        """Fit.

        Args:
            protected: (n, S, S, 3) uint8 upright crops.
            clear: (n, S, S, 3) uint8, the same pictures before protection.
            people: (n,) integer codes.
        """
        self._side = clear.shape[1]
        seen, wanted = _pixels(protected, LOOKED_AT), _pixels(clear, DRAWN)
        self._middle, self._faces = wanted.mean(axis=0), _eigenfaces(wanted)
        targets = self._coordinates(wanted)
        chosen = DualRidge(seen, targets, people).penalty
        # A mirrored face is a face: twice the pairs for nothing.
        seen = np.vstack([seen, _pixels(protected[:, :, ::-1], LOOKED_AT)])
        targets = np.vstack([targets, self._coordinates(_pixels(clear[:, :, ::-1], DRAWN))])
        self._ridge = DualRidge(seen, targets, np.tile(people, 2), chosen)

    def draw(self, protected: np.ndarray) -> np.ndarray:
        """What the clear faces of (m, S, S, 3) crops may have been: uint8, of the same size."""
        flat = self._ridge.predict(_pixels(protected, LOOKED_AT)) @ self._faces + self._middle
        drawn = np.rint(flat.reshape(-1, DRAWN, DRAWN, 3).clip(0, 1) * 255).astype(np.uint8)
        size = (self._side, self._side)
        return np.stack([cv2.resize(face, size, interpolation=cv2.INTER_CUBIC) for face in drawn])

    def _coordinates(self, faces: np.ndarray) -> np.ndarray:
        return (faces - self._middle) @ self._faces.T


def _eigenfaces(faces: np.ndarray) -> np.ndarray:
    """Orthonormal directions (K, Q), the strongest of faces (n, Q) about their mean."""
    held = faces - faces.mean(axis=0)
    values, vectors = np.linalg.eigh(held @ held.T)
    strong = np.flatnonzero(values > 1e-6 * values[-1])[-EIGENFACES:]
    return np.asarray(vectors[:, strong].T @ held / np.sqrt(values[strong])[:, None])


def _pixels(crops: np.ndarray, side: int) -> np.ndarray:
    small = [cv2.resize(crop, (side, side), interpolation=cv2.INTER_AREA) for crop in crops]
    return np.stack(small).reshape(len(crops), -1).astype(np.float32) / np.float32(255)
