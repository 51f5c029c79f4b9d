"""Small networks that look at both eyes: one tower for either eye, then a head for the pair."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from medbench.core import DISEASES
from medbench.metrics.evaluators.eye_crops import HEIGHT, WIDTH

_WIDTHS = (24, 48, 96, 160)
#: Widths of the stages that have a residual block: the first would cost most and the last tells least.
_DEEPER = (48, 96)
_SQUEEZED = 40
FEATURES = 160


class EyeTower(nn.Module):
    """From eyes (B, 3, 64, 80) in [0, 1] to features (B, 160).

    Two ways lead to them: a map that keeps places (lids, gaze), and the strongest answer of each
    channel wherever it is (tumours, which may lie anywhere around the eye).
    """

    def __init__(self) -> None:
        super().__init__()
        stages, before = [], 3
        for width in _WIDTHS:
            layers = [nn.Conv2d(before, width, 3, 2, 1, bias=False), nn.BatchNorm2d(width), nn.ReLU()]
            stages.append(nn.Sequential(*layers, *([_Residual(width)] if width in _DEEPER else [])))
            before = width
        self.fine, self.coarse = nn.Sequential(*stages[:-1]), stages[-1]
        self.squeeze = nn.Sequential(nn.Conv2d(before, _SQUEEZED, 1), nn.Flatten(), nn.Dropout(0.1))
        cells = (HEIGHT >> len(_WIDTHS)) * (WIDTH >> len(_WIDTHS))
        # Without the norm all units may die in the first steps, before the signs are found.
        self.out = nn.Sequential(
            nn.Linear(_SQUEEZED * cells + _WIDTHS[-2], FEATURES, bias=False),
            nn.BatchNorm1d(FEATURES),
            nn.ReLU(),
        )

    def forward(self, eyes: Tensor) -> Tensor:
        """See the class."""
        fine = self.fine(eyes.contiguous(memory_format=torch.channels_last) * 4 - 2)
        placed = self.squeeze(self.coarse(fine))
        features: Tensor = self.out(torch.cat([placed, fine.amax(dim=(2, 3))], dim=1))
        return features


class _Residual(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(width, width, 3, padding=1, bias=False)
        self.second = nn.Conv2d(width, width, 3, padding=1, bias=False)
        self.norms = nn.ModuleList([nn.BatchNorm2d(width), nn.BatchNorm2d(width)])

    def forward(self, x: Tensor) -> Tensor:
        y = F.relu(self.norms[0](self.first(x)))
        return F.relu(x + self.norms[1](self.second(y)))


def features_of(tower: EyeTower, crops: Tensor) -> Tensor:
    """Both eyes' features (B, 2, 160) of paired crops (B, 2, 3, H, W)."""
    features: Tensor = tower(crops.flatten(0, 1))
    return features.unflatten(0, (-1, 2))


class DiagnosisNetwork(nn.Module):
    """Logits (B, 8), in the order of DISEASES, from paired crops (B, 2, 3, 64, 80).

    Either eye's features enter by sum, largest and absolute difference: a mirrored face has the
    same diagnosis by construction.
    """

    def __init__(self) -> None:
        super().__init__()
        self.tower = EyeTower()
        self.head = nn.Sequential(
            nn.Linear(3 * FEATURES, FEATURES), nn.ReLU(), nn.Dropout(0.2), nn.Linear(FEATURES, len(DISEASES))
        )

    def forward(self, crops: Tensor) -> Tensor:
        """See the class."""
        return self.judge(features_of(self.tower, crops))

    def judge(self, features: Tensor) -> Tensor:
        """Logits (B, 8) of both eyes' features (B, 2, 160)."""
        one, other = features.unbind(1)
        pair = torch.cat([one + other, torch.maximum(one, other), (one - other).abs()], dim=1)
        logits: Tensor = self.head(pair)
        return logits


class GazeNetwork(nn.Module):
    """Pitch and yaw (B, 2) in degrees from paired crops (B, 2, 3, 64, 80).

    A mirrored face has the same pitch and the opposite yaw by construction.
    """

    def __init__(self) -> None:
        super().__init__()
        self.tower = EyeTower()
        self.head = nn.Sequential(nn.Linear(2 * FEATURES, FEATURES), nn.ReLU(), nn.Linear(FEATURES, 2))

    def forward(self, crops: Tensor) -> Tensor:
        """See the class."""
        one, other = features_of(self.tower, crops).unbind(1)
        seen = self.head(torch.cat([one, other], dim=1))
        mirrored = self.head(torch.cat([other, one], dim=1))
        return torch.stack([seen[:, 0] + mirrored[:, 0], seen[:, 1] - mirrored[:, 1]], dim=1) * 10
