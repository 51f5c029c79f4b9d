"""What an eye shows: how far its lids are open, and where the eyeball looks."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from sklearn.decomposition import PCA

#: Crop of an eye in pixels (height, width), and its width in distances between the eyes.
CROP, _WIDTH = (32, 48), 0.62
COMPONENTS, WAVES, RIDGE, _SEED = 120, 1000, 10.0, 2022


def eye_crops(pixels: np.ndarray, landmarks: np.ndarray) -> np.ndarray:
    """Both eyes upright, the left one mirrored, brightness and contrast taken out: (2, 4608).

    Args:
        pixels: float32 RGB (H, W, 3) in [0, 1].
        landmarks: (68, 2), x and y in pixels.

    """
    eyes = np.stack([landmarks[36:42].mean(0), landmarks[42:48].mean(0)]).astype(np.float64)
    across = eyes[1] - eyes[0]
    apart = max(float(np.linalg.norm(across)), 1.0)
    x, y = across / apart
    crops = []
    for index, centre in enumerate(eyes):
        turn = np.array([[x, -y], [y, x]]) * (apart * _WIDTH / CROP[1])
        if index:
            turn = turn @ np.diag([-1.0, 1.0])
        start = centre - turn @ (np.array(CROP[::-1]) / 2 - 0.5)
        flags = cv2.INTER_AREA | cv2.WARP_INVERSE_MAP
        crop = cv2.warpAffine(
            pixels, np.c_[turn, start], CROP[::-1], flags=flags, borderMode=cv2.BORDER_REPLICATE
        )
        crops.append((crop - crop.mean()).ravel() / (crop.std() + 1e-3))
    return np.stack(crops)


@dataclass(frozen=True)
class EyeFit:
    """Principal components, random Fourier features (Rahimi and Recht 2007), then a linear map.

    ``mean`` (4608,), ``components`` (120, 4608), ``waves`` (120, 1000), ``phases`` (1000,),
    ``matrix`` (1001, 4) to the MRD1 and the lower lid (mm), gaze yaw (outward for both eyes) and pitch.
    """

    mean: np.ndarray
    components: np.ndarray
    waves: np.ndarray
    phases: np.ndarray
    matrix: np.ndarray

    def __call__(self, crops: np.ndarray) -> np.ndarray:
        """Crops (N, 4608) -> (N, 4)."""
        return self._lift(crops) @ self.matrix

    def _lift(self, crops: np.ndarray) -> np.ndarray:
        waves = np.cos((crops - self.mean) @ self.components.T @ self.waves + self.phases)
        return np.c_[waves, np.ones(len(crops))]

    @classmethod
    def fitted(cls, crops: np.ndarray, wanted: np.ndarray) -> EyeFit:
        """Fit on crops (N, 4608) and what they show (N, 4); the same for the same pictures."""
        draws = np.random.default_rng(_SEED)
        pca = PCA(COMPONENTS, svd_solver="randomized", random_state=0).fit(crops)
        spread = float(np.sqrt(2 * pca.explained_variance_.sum()))
        waves = draws.normal(size=(COMPONENTS, WAVES)) * (1.2 / spread)
        empty = np.zeros((WAVES + 1, wanted.shape[1]))
        start = cls(pca.mean_, pca.components_, waves, draws.uniform(0, 2 * np.pi, WAVES), empty)
        lifted = start._lift(crops)
        ridge = RIDGE * np.diag([*[1.0] * WAVES, 0.0])
        matrix = np.linalg.solve(lifted.T @ lifted + ridge, lifted.T @ wanted)
        return cls(start.mean, start.components, start.waves, start.phases, matrix)
