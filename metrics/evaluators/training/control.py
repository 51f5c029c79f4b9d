"""The control experiment: can the disease be told from a face whose eyes are hidden? It must not be."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from medbench.methods.training.loop import Budget
from medbench.metrics.evaluators.eye_crops import HEIGHT, WIDTH, Window
from medbench.metrics.evaluators.training.eyes import EyeImages
from medbench.metrics.evaluators.training.train_diagnosis import class_accuracies, fit
from medbench.suites.mini.region import eye_region

if TYPE_CHECKING:
    from medbench.suites.suite import Suite

#: Either half of the whole head.
HALF_FACE = Window(0.1, 0.45, 1.25 * WIDTH / HEIGHT, 1.25)
_GREY = 0.5


class EyelessImages(EyeImages):
    """The same faces with the eye region painted grey."""

    def __init__(self, suite: Suite, split: str, limit: int | None = None) -> None:
        super().__init__(suite, split, limit, HALF_FACE)
        size = self.images.pixels.shape[1:3]
        samples = suite.iterate(split, list(self.images.truth["id"]))
        self.hidden = np.stack([eye_region(np.asarray(s.truth["landmarks68"]), size) for s in samples])

    def pixels(self, rows: np.ndarray, device: str) -> Tensor:
        """Images of some faces, float (B, 3, H, W), without eyes."""
        hidden = torch.from_numpy(self.hidden[rows]).to(device)[:, None]
        return self.images.tensor(rows, device).masked_fill(hidden, _GREY)


def face_without_eyes_accuracy(
    suite: Suite,
    out: Path,
    minutes: float = 5,
    device: str = "cpu",
    seed: str = "0",
    limit: int | None = None,
    split: str = "select",
) -> float:
    """Train the diagnosis network on faces without eyes; its macro accuracy on ``split`` (chance .125).

    Args:
        suite: with landmarks in the truth.
        out: folder of the run.
        minutes: budget of training time.
        device: ``cpu`` or ``cuda``.
        seed: name from which all draws come.
        limit: only so many training images.
        split: where to test.
    """
    faces, tested = EyelessImages(suite, "train", limit), EyelessImages(suite, split, limit)
    network, _ = fit(faces, tested, out, device, Budget(minutes=minutes), f"without-eyes-{seed}")
    return float(np.nanmean(class_accuracies(network, tested, device)))
