"""ResNet-50 (He et al. 2016) without its last layer, under torchvision's names."""

from __future__ import annotations

from collections import OrderedDict

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from medbench.metrics.evaluators.vision.feature_network import FeatureNetwork

FEATURES = 2048
_BLOCKS = (3, 4, 6, 3)
_EXPANSION = 4


class ResNet50(FeatureNetwork):
    """From pixels (B, 3, H, W), normalised, to the pooled features (B, 2048).

    The stride of a block is in its 3x3 convolution, as torchvision and timm have it.
    """

    features = FEATURES

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        before = 64
        for stage, count in enumerate(_BLOCKS):
            width = 64 << stage
            blocks: OrderedDict[str, nn.Module] = OrderedDict()
            for place in range(count):
                blocks[str(place)] = _Bottleneck(before, width, 2 if stage and not place else 1)
                before = width * _EXPANSION
            self.add_module(f"layer{stage + 1}", nn.Sequential(blocks))

    def forward(self, pixels: Tensor) -> Tensor:
        """See the class."""
        x = F.max_pool2d(F.relu(self.bn1(self.conv1(pixels))), 3, 2, 1)
        for stage in range(len(_BLOCKS)):
            x = self.get_submodule(f"layer{stage + 1}")(x)
        return x.mean(dim=(2, 3))


class _Bottleneck(nn.Module):
    def __init__(self, before: int, width: int, stride: int) -> None:
        super().__init__()
        after = width * _EXPANSION
        self.conv1 = nn.Conv2d(before, width, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, stride, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.conv3 = nn.Conv2d(width, after, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(after)
        self.downsample: nn.Module = nn.Identity()
        if before != after:
            self.downsample = nn.Sequential(
                nn.Conv2d(before, after, 1, stride, bias=False), nn.BatchNorm2d(after)
            )

    def forward(self, x: Tensor) -> Tensor:
        y = F.relu(self.bn1(self.conv1(x)))
        y = F.relu(self.bn2(self.conv2(y)))
        return torch.relu(self.bn3(self.conv3(y)) + self.downsample(x))
