"""MobileFaceNet as FaceX-Zoo trained it with AdaCos, with its parameters' names."""

from __future__ import annotations

from typing import Any

from torch import Tensor, nn

#: Height and width of the aligned face.
SIZE = (112, 112)


class _Linear(nn.Module):
    """Convolve and normalise."""

    def __init__(self, before: int, width: int, kernel: int = 1, **more: Any) -> None:
        super().__init__()
        self.conv = nn.Conv2d(before, width, kernel, bias=False, **more)
        self.bn = nn.BatchNorm2d(width)

    def forward(self, seen: Tensor) -> Tensor:
        found: Tensor = self.bn(self.conv(seen))
        return found


class _Conv(_Linear):
    """Convolve, normalise, PReLU."""

    def __init__(self, before: int, width: int, kernel: int = 1, **more: Any) -> None:
        super().__init__(before, width, kernel, **more)
        self.prelu = nn.PReLU(width)

    def forward(self, seen: Tensor) -> Tensor:
        found: Tensor = self.prelu(super().forward(seen))
        return found


class _DepthWise(nn.Module):
    """Widen, convolve each channel for itself, narrow; with ``stride`` 1 the input is added."""

    def __init__(self, before: int, width: int, inner: int, stride: int) -> None:
        super().__init__()
        self.conv = _Conv(before, inner)
        self.conv_dw = _Conv(inner, inner, 3, groups=inner, stride=stride, padding=1)
        self.project = _Linear(inner, width)
        self.added = stride == 1

    def forward(self, seen: Tensor) -> Tensor:
        found: Tensor = self.project(self.conv_dw(self.conv(seen)))
        return seen + found if self.added else found


class _Residual(nn.Module):
    def __init__(self, width: int, inner: int, count: int) -> None:
        super().__init__()
        self.model = nn.Sequential(*[_DepthWise(width, width, inner, 1) for _ in range(count)])

    def forward(self, seen: Tensor) -> Tensor:
        found: Tensor = self.model(seen)
        return found


class MobileFaceNet(nn.Module):
    """BGR (B, 3, 112, 112) in about [-1, 1] -> (B, 512)."""

    #: The AdaCos classifier of the training.
    head = ("head.",)

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = _Conv(3, 64, 3, stride=2, padding=1)
        self.conv2_dw = _Conv(64, 64, 3, padding=1, groups=64)
        self.conv_23 = _DepthWise(64, 64, 128, 2)
        self.conv_3 = _Residual(64, 128, 4)
        self.conv_34 = _DepthWise(64, 128, 256, 2)
        self.conv_4 = _Residual(128, 256, 6)
        self.conv_45 = _DepthWise(128, 128, 512, 2)
        self.conv_5 = _Residual(128, 256, 2)
        self.conv_6_sep = _Conv(128, 512)
        self.conv_6_dw = _Linear(512, 512, 7, groups=512)
        self.linear = nn.Linear(512, 512, bias=False)
        self.bn = nn.BatchNorm1d(512)

    def forward(self, faces: Tensor) -> Tensor:
        """Embed aligned faces."""
        seen = self.conv_23(self.conv2_dw(self.conv1(faces)))
        seen = self.conv_4(self.conv_34(self.conv_3(seen)))
        seen = self.conv_6_dw(self.conv_6_sep(self.conv_5(self.conv_45(seen))))
        found: Tensor = self.bn(self.linear(seen.flatten(1)))
        return found
