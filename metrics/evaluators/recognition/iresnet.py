"""IResNet of ArcFace and CosFace (github.com/deepinsight/insightface), with its parameters' names."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor, nn

#: Height and width of the aligned face.
SIZE = (112, 112)
#: Blocks of the four stages, by depth.
DEPTHS = {50: (3, 4, 14, 3), 100: (3, 13, 30, 3)}


class _Block(nn.Module):
    """Normalise, convolve, normalise, PReLU, convolve (which may halve), normalise; and the way around."""

    def __init__(self, before: int, width: int, stride: int) -> None:
        super().__init__()
        self.bn1 = nn.BatchNorm2d(before)
        self.conv1 = nn.Conv2d(before, width, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.prelu = nn.PReLU(width)
        self.conv2 = nn.Conv2d(width, width, 3, stride, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(width)
        self.downsample: nn.Module | None = None
        if stride != 1 or before != width:
            around = nn.Conv2d(before, width, 1, stride, bias=False)
            self.downsample = nn.Sequential(around, nn.BatchNorm2d(width))

    def forward(self, seen: Tensor) -> Tensor:
        inner = self.conv1(self.bn1(seen))
        inner = self.bn3(self.conv2(self.prelu(self.bn2(inner))))
        around: Tensor = seen if self.downsample is None else self.downsample(seen)
        return around + inner


class IResNet(nn.Module):
    """RGB (B, 3, 112, 112) in [-1, 1] -> (B, 512); ``blocks`` of the four stages as in ``DEPTHS``."""

    #: The published files hold the backbone alone.
    head = ()

    def __init__(self, blocks: Sequence[int]) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 3, 1, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        self.prelu = nn.PReLU(64)
        before = 64
        for stage, (width, count) in enumerate(zip((64, 128, 256, 512), blocks, strict=True), start=1):
            first = _Block(before, width, 2)
            rest = [_Block(width, width, 1) for _ in range(count - 1)]
            self.add_module(f"layer{stage}", nn.Sequential(first, *rest))
            before = width
        self.bn2 = nn.BatchNorm2d(512)
        self.fc = nn.Linear(512 * 7 * 7, 512)
        self.features = nn.BatchNorm1d(512)

    def forward(self, faces: Tensor) -> Tensor:
        """Embed aligned faces."""
        seen = self.prelu(self.bn1(self.conv1(faces)))
        for stage in range(1, 5):
            seen = self.get_submodule(f"layer{stage}")(seen)
        found: Tensor = self.features(self.fc(self.bn2(seen).flatten(1)))
        return found


class IResNet50(IResNet):
    """The 50-layer one."""

    def __init__(self) -> None:
        super().__init__(DEPTHS[50])


class IResNet100(IResNet):
    """The 100-layer one."""

    def __init__(self) -> None:
        super().__init__(DEPTHS[100])
