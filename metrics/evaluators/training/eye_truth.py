"""What a renderer knows of each single eye: taught beside the diagnosis, it shortens the training."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from medbench.core import DISEASES
from medbench.metrics.evaluators.eye_networks import FEATURES

if TYPE_CHECKING:
    import pandas as pd

SIDES = ("right", "left")
UNKNOWN = -100
_ONE_EYED = ("BCC", "Conj", "SCC", "Uveitis")
_MRD1, _MRD1_SPREAD, _ANGLE_SPREAD = 3.8, 1.5, 10.0
_COLUMNS = [f"{name}_{side}" for side in SIDES for name in ("mrd1", "gaze_pitch", "gaze_yaw")]


class EyeTruth:
    """Targets of either eye, or nothing where the suite's truth lacks their columns.

    ``signs`` (N, 2): the disease that is seen in this eye, as its place in DISEASES; -100 where
    one eye does not say. ``numbers`` (N, 2, 3): lid aperture, gaze pitch and yaw, about unit spread,
    yaw mirrored for the left eye as its crop is.
    """

    def __init__(self, truth: pd.DataFrame) -> None:
        self.known = set(_COLUMNS) | {"disease", "side"} <= set(truth.columns)
        if self.known:
            self.signs = torch.tensor(
                [_signs(d, s) for d, s in zip(truth["disease"], truth["side"], strict=True)]
            )
            numbers = truth[_COLUMNS].to_numpy(np.float32).reshape(-1, 2, 3)
            numbers = (numbers - [_MRD1, 0, 0]) / [_MRD1_SPREAD, _ANGLE_SPREAD, _ANGLE_SPREAD]
            numbers[:, 1, 2] *= -1
            self.numbers = torch.from_numpy(numbers.astype(np.float32))


class EyeTeacher(nn.Module):
    """Reads sign and numbers of one eye from its features; used in training only."""

    def __init__(self) -> None:
        super().__init__()
        self.out = nn.Linear(FEATURES, len(DISEASES) + 3)

    def forward(self, features: Tensor, signs: Tensor, numbers: Tensor) -> Tensor:
        """Return the loss of features (B, 2, F) against signs (B, 2) and numbers (B, 2, 3)."""
        logits, found = self.out(features).split((len(DISEASES), 3), dim=2)
        wrong = F.cross_entropy(logits.flatten(0, 1), signs.flatten(), ignore_index=UNKNOWN)
        return wrong + F.smooth_l1_loss(found, numbers)


def _signs(disease: str, side: str) -> tuple[int, int]:
    seen, healthy = DISEASES.index(disease), DISEASES.index("Normal")
    other = healthy if disease in _ONE_EYED or disease == "Normal" else UNKNOWN
    affected = UNKNOWN if disease == "Strab" else seen
    return (affected, other) if side == "R" else (other, affected)
