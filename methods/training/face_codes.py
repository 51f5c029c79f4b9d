"""What of a drawn face its surroundings do not tell, as numbers that are N(0, 1) over a split.

Only a renderer knows them. They stand in training for the noise that a generator is given later:
the shape of the face and its features, age, expression, lids and gaze.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from medbench.methods.networks.inpainting import NOISE
from medbench.methods.networks.style_codes import SCENE_NAMES, scene_numbers
from medbench.suites.mini.splits import scene_of

_FIRST = SCENE_NAMES.index("gaze_yaw_right")


def face_codes(ids: Sequence[str]) -> np.ndarray:
    """Codes (N, 64) float32 of samples of mema-mini: whitened principal parts of what was drawn."""
    rows = np.array([_drawn(name) for name in ids])
    scaled = (rows - rows.mean(0)) / (rows.std(0) + 1e-9)
    left, _, _ = np.linalg.svd(scaled, full_matrices=False)
    codes = left[:, :NOISE] * len(rows) ** 0.5
    # An SVD leaves signs open: let the largest entry of each column be positive.
    peaks = codes[np.abs(codes).argmax(0), np.arange(codes.shape[1])]
    return (codes * np.sign(peaks)).astype(np.float32)


def _drawn(name: str) -> np.ndarray:
    who, scene = scene_of(name)
    shape = [who.shape[key] for key in sorted(who.shape)]
    return np.array([who.age, float(who.male), *shape, *scene_numbers(who, scene)[_FIRST:]])
