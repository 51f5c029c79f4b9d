"""The Ophthalmic Sign Detector: a score per region, the image's score is the largest (ROFI 4.2)."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from medbench.core import DISEASES

#: Height and width of an eye's picture in pixels of the 256 px face, and pixels per side of a region.
EYE = (48, 64)
REGION = 4
#: Channels of the sign features.
SIGN = 128


class Bottleneck(nn.Module):
    """ResNet50's block (He 2016): 1x1, 3x3, 1x1 convolutions with batch norm, plus a skip."""

    def __init__(self, channels_in: int, width: int, stride: int = 1) -> None:
        super().__init__()
        out = 4 * width
        self.body = nn.Sequential(
            nn.Conv2d(channels_in, width, 1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(),
            nn.Conv2d(width, width, 3, stride, 1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(),
            nn.Conv2d(width, out, 1, bias=False),
            nn.BatchNorm2d(out),
        )
        same = stride == 1 and channels_in == out
        self.skip = (
            nn.Identity()
            if same
            else nn.Sequential(nn.Conv2d(channels_in, out, 1, stride, bias=False), nn.BatchNorm2d(out))
        )

    def forward(self, x: Tensor) -> Tensor:
        """Map (B, channels_in, H, W) to (B, 4 width, H / stride, W / stride)."""
        return torch.relu(self.skip(x) + self.body(x))


class SignDetector(nn.Module):
    """Conv1, Res1, Res2 of ResNet50, a quarter as wide and a block shorter each, and a linear scorer.

    The max pool is left out: a mini eye is 28 pixels wide. Pictures are (B, 2, 3, H, W) in [0, 1]: both
    eyes, outer corners on the left, H and W multiples of 4. Each is looked at beside the other, since
    what hangs, squints or stands out does so against the other one.
    """

    def __init__(self) -> None:
        super().__init__()
        quarter = SIGN // 8
        self.conv1 = nn.Sequential(nn.Conv2d(6, 24, 7, 2, 3, bias=False), nn.BatchNorm2d(24), nn.ReLU())
        self.res1 = nn.Sequential(Bottleneck(24, quarter), Bottleneck(4 * quarter, quarter))
        wide = 2 * quarter
        self.res2 = nn.Sequential(
            Bottleneck(4 * quarter, wide, stride=2), Bottleneck(SIGN, wide), Bottleneck(SIGN, wide)
        )
        self.scorer = nn.Conv2d(SIGN, len(DISEASES) - 1, 1)
        assert self.scorer.bias is not None
        nn.init.constant_(self.scorer.bias, -2.0)

    def forward(self, eyes: Tensor) -> tuple[Tensor, Tensor]:
        """Return sign features (2 B, 128, H / 4, W / 4) and logits of each disease (2 B, 7, H / 4, W / 4)."""
        beside = torch.cat([eyes, eyes.flip(1)], dim=2).flatten(0, 1)
        features = self.res2(self.res1(self.conv1(beside * 2 - 1)))
        return features, self.scorer(features)


def sign_scores(logits: Tensor) -> Tensor:
    """Scores of regions (..., 1, h, w) in [0, 1]: of the likeliest disease of each (..., 7, h, w)."""
    return logits.amax(-3, keepdim=True).sigmoid()


def image_logits(logits: Tensor, sharpness: float | None = None) -> Tensor:
    """Each disease's largest logit over the regions of both eyes: (2 B, 7, h, w) -> (B, 7).

    With a ``sharpness`` all regions count, the larger the more: where training begins.
    """
    regions = logits.unflatten(0, (-1, 2)).transpose(1, 2).flatten(2)
    if sharpness is None:
        return regions.amax(2)
    mean = math.log(regions.shape[2])
    return (torch.logsumexp(sharpness * regions, 2) - mean) / sharpness
