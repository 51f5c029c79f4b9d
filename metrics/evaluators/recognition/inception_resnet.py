"""InceptionResnetV1 of FaceNet (github.com/timesler/facenet-pytorch), with its parameters' names."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

#: Height and width of the face.
SIZE = (160, 160)


class _Conv(nn.Module):
    """Convolve, normalise, ReLU."""

    def __init__(self, before: int, width: int, kernel: Any = 1, stride: int = 1, padding: Any = 0) -> None:
        super().__init__()
        self.conv = nn.Conv2d(before, width, kernel, stride, padding, bias=False)
        self.bn = nn.BatchNorm2d(width, eps=0.001)

    def forward(self, seen: Tensor) -> Tensor:
        return functional.relu(self.bn(self.conv(seen)))


class _Block(nn.Module):
    """Branches side by side, brought back to the input's width, scaled and added to it."""

    def __init__(self, width: int, scale: float, branches: list[nn.Module], joined: int) -> None:
        super().__init__()
        self.scale, self.count = scale, len(branches)
        for number, branch in enumerate(branches):
            self.add_module(f"branch{number}", branch)
        self.conv2d = nn.Conv2d(joined, width, 1)
        self.last = False

    def forward(self, seen: Tensor) -> Tensor:
        sides = [self.get_submodule(f"branch{number}")(seen) for number in range(self.count)]
        found: Tensor = self.conv2d(torch.cat(sides, 1)) * self.scale + seen
        return found if self.last else functional.relu(found)


def _block35() -> _Block:
    two = nn.Sequential(_Conv(256, 32), _Conv(32, 32, 3, 1, 1))
    three = nn.Sequential(_Conv(256, 32), _Conv(32, 32, 3, 1, 1), _Conv(32, 32, 3, 1, 1))
    return _Block(256, 0.17, [_Conv(256, 32), two, three], 96)


def _block17() -> _Block:
    cross = (_Conv(128, 128, (1, 7), 1, (0, 3)), _Conv(128, 128, (7, 1), 1, (3, 0)))
    return _Block(896, 0.10, [_Conv(896, 128), nn.Sequential(_Conv(896, 128), *cross)], 256)


def _block8(scale: float = 0.20) -> _Block:
    cross = (_Conv(192, 192, (1, 3), 1, (0, 1)), _Conv(192, 192, (3, 1), 1, (1, 0)))
    return _Block(1792, scale, [_Conv(1792, 192), nn.Sequential(_Conv(1792, 192), *cross)], 384)


class _Halving(nn.Module):
    """Branches and a pooling side by side."""

    def __init__(self, branches: list[nn.Module]) -> None:
        super().__init__()
        self.count = len(branches)
        for number, branch in enumerate(branches):
            self.add_module(f"branch{number}", branch)

    def forward(self, seen: Tensor) -> Tensor:
        sides = [self.get_submodule(f"branch{number}")(seen) for number in range(self.count)]
        return torch.cat([*sides, functional.max_pool2d(seen, 3, 2)], 1)


class InceptionResnetV1(nn.Module):
    """RGB (B, 3, 160, 160) in about [-1, 1] -> (B, 512) of length 1."""

    #: The classifier of the training.
    head = ("logits.",)

    def __init__(self) -> None:
        super().__init__()
        self.conv2d_1a = _Conv(3, 32, 3, 2)
        self.conv2d_2a = _Conv(32, 32, 3)
        self.conv2d_2b = _Conv(32, 64, 3, 1, 1)
        self.conv2d_3b = _Conv(64, 80)
        self.conv2d_4a = _Conv(80, 192, 3)
        self.conv2d_4b = _Conv(192, 256, 3, 2)
        self.repeat_1 = nn.Sequential(*[_block35() for _ in range(5)])
        halved = nn.Sequential(_Conv(256, 192), _Conv(192, 192, 3, 1, 1), _Conv(192, 256, 3, 2))
        self.mixed_6a = _Halving([_Conv(256, 384, 3, 2), halved])
        self.repeat_2 = nn.Sequential(*[_block17() for _ in range(10)])
        one = nn.Sequential(_Conv(896, 256), _Conv(256, 384, 3, 2))
        two = nn.Sequential(_Conv(896, 256), _Conv(256, 256, 3, 2))
        three = nn.Sequential(_Conv(896, 256), _Conv(256, 256, 3, 1, 1), _Conv(256, 256, 3, 2))
        self.mixed_7a = _Halving([one, two, three])
        self.repeat_3 = nn.Sequential(*[_block8() for _ in range(5)])
        self.block8 = _block8(1.0)
        self.block8.last = True
        self.last_linear = nn.Linear(1792, 512, bias=False)
        self.last_bn = nn.BatchNorm1d(512, eps=0.001)

    def forward(self, faces: Tensor) -> Tensor:
        """Embed faces."""
        seen = self.conv2d_2b(self.conv2d_2a(self.conv2d_1a(faces)))
        seen = self.conv2d_3b(functional.max_pool2d(seen, 3, 2))
        seen = self.repeat_1(self.conv2d_4b(self.conv2d_4a(seen)))
        seen = self.repeat_2(self.mixed_6a(seen))
        seen = self.block8(self.repeat_3(self.mixed_7a(seen)))
        return functional.normalize(self.last_bn(self.last_linear(seen.mean(dim=(2, 3)))))
