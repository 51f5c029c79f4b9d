"""L2CS-Net (Abdelrahman et al. 2022): gaze as two soft choices among bins of four degrees."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from medbench.metrics.evaluators.vision.resnet import FEATURES, ResNet50

#: The Gaze360 model: 90 bins of 4 degrees from -180.
BINS, DEGREES, FIRST = 90, 4.0, -180.0


class L2cs(ResNet50):
    """Pitch and yaw (B, 2) in degrees of faces (B, 3, 448, 448), normalised: up and image right are positive.

    Names are the official file's, ``fc_finetune`` included, which nothing uses. The head's name says what
    it gives: upstream's ``forward`` returns (yaw, pitch), but its pipeline, training and test scripts
    unpack (pitch, yaw) (issue 32 there). Upstream draws a positive yaw to the image's left
    (``draw_gaze``: dx = -sin(yaw) cos(pitch)), so its sign is turned here.
    """

    def __init__(self) -> None:
        super().__init__()
        self.fc_yaw_gaze = nn.Linear(FEATURES, BINS)
        self.fc_pitch_gaze = nn.Linear(FEATURES, BINS)
        self.fc_finetune = nn.Linear(FEATURES + 3, 3)

    def forward(self, pixels: Tensor) -> Tensor:
        """See the class."""
        features = super().forward(pixels)
        pitch, yaw = expected(self.fc_pitch_gaze(features)), expected(self.fc_yaw_gaze(features))
        return torch.stack([pitch, -yaw], dim=1)


def expected(logits: Tensor) -> Tensor:
    """The mean angle (B,) in degrees under the softmax of the bins' logits (B, 90)."""
    places = torch.arange(BINS, device=logits.device, dtype=logits.dtype)
    return (logits.softmax(dim=1) * places).sum(dim=1) * DEGREES + FIRST
