"""Eye crops of a split for training: images, the boxes that dlib's detector finds in them, seeded batches."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from medbench.cache import Cache, look
from medbench.methods.training.data import IndexStream, TrainingImages
from medbench.metrics.evaluators.detector_hog import HogDetector
from medbench.metrics.evaluators.eye_crops import EYE, Window, paired_crops
from medbench.metrics.evaluators.training.augment import changed

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from medbench.suites.suite import Suite

#: Largest random move of the box, in its widths; zoom of it; turn in radians.
SHIFT, ZOOM, TURN = 0.05, 0.08, 0.09


class EyeImages:
    """A split's faces: those in which the detector found one."""

    def __init__(self, suite: Suite, split: str, limit: int | None = None, window: Window = EYE) -> None:
        self.images = TrainingImages(suite, split, limit)
        self.window = window
        detector = HogDetector()
        detector.load()
        found = look(detector, self.images.pixels, cache=Cache())
        self.rows = np.flatnonzero(found["detected"])
        self.boxes = torch.from_numpy(found["boxes"])

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def truth(self) -> pd.DataFrame:
        """Truth of the faces, row for row."""
        return self.images.truth.iloc[self.rows]

    def pixels(self, rows: np.ndarray, device: str) -> Tensor:
        """Images of some faces, float (B, 3, H, W)."""
        return self.images.tensor(rows, device)

    def crops(self, places: np.ndarray, device: str = "cpu") -> Tensor:
        """Return the paired crops of some faces as an evaluator cuts them."""
        rows = self.rows[places]
        return paired_crops(self.pixels(rows, device), self.boxes[rows].to(device), self.window)

    def varied(self, places: np.ndarray, device: str = "cpu", turned: bool = True) -> Tensor:
        """Return them moved, zoomed, turned and otherwise changed; draws from torch's random state."""
        rows, count = self.rows[places], len(places)
        shift = (torch.rand(count, 2) * 2 - 1) * SHIFT
        zoom = 1 + (torch.rand(count) * 2 - 1) * ZOOM
        turn = (torch.rand(count) * 2 - 1) * TURN if turned else torch.zeros(count)
        moves = (shift.to(device), zoom.to(device), turn.to(device))
        crops = paired_crops(self.pixels(rows, device), self.boxes[rows].to(device), self.window, *moves)
        return changed(crops)

    def stream(self, batch: int, seeds: tuple[str, ...]) -> IndexStream:
        """Seeded batches of places."""
        return IndexStream(len(self), batch, seeds)


def in_parts(count: int, size: int = 64) -> Iterator[np.ndarray]:
    """Yield the numbers below ``count`` in consecutive parts."""
    for start in range(0, count, size):
        yield np.arange(start, min(start + size, count))


@torch.inference_mode()
def predicted(network: torch.nn.Module, faces: EyeImages, device: str = "cpu") -> np.ndarray:
    """Return the network's outputs (N, K) for all faces."""
    network.eval()
    return np.concatenate(
        [network(faces.crops(p, device)).float().cpu().numpy() for p in in_parts(len(faces))]
    )
