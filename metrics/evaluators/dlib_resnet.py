"""dlib's 128-D face descriptor network in torch: the same numbers, batches, any device."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from medbench.core import MedbenchError
from medbench.metrics.evaluators.dlib_format import Layer, read_metric_network

CHIP = 150
EMBEDDING = 128
_PLAIN = ("con_4", "affine_", "relu_", "con_4", "affine_", "add_prev_", "relu_")
_DOWN = (*_PLAIN[:5], "avg_pool_2", *_PLAIN[5:])


class DlibResnet(nn.Module):
    """29 convolutions in 14 residual blocks, as the .dat file lists them; the affine layers are folded in.

    dlib's rules: 3x3 convolutions of stride 2 are not padded; a block that halves the map averages
    2x2 pixels on its other path; an addition pads the smaller map, and missing channels, with zeros.
    """

    def __init__(self, path: Path) -> None:
        """Read dlib_face_recognition_resnet_model_v1.dat.

        Raises:
            MedbenchError: the file is damaged or of another architecture.
        """
        super().__init__()
        self.means: Tensor
        network = read_metric_network(path)
        self.register_buffer("means", torch.tensor(network.means).view(1, 3, 1, 1))
        layers = _Layers(network.layers, path)
        self.stem = layers.convolution(("con_4", "affine_", "relu_", "max_pool_2"), 7, 2)
        self.blocks = nn.ModuleList(layers.blocks())
        self.head = layers.head()

    def forward(self, chips: Tensor) -> Tensor:
        """Map face chips RGB (B, 3, 150, 150) in 0..255 to descriptors (B, 128)."""
        x = F.max_pool2d(F.relu(self.stem((chips - self.means) / 256)), 3, 2)
        for block in self.blocks:
            x = block(x)
        return x.mean(dim=(2, 3)) @ self.head


class _Block(nn.Module):
    def __init__(self, first: nn.Conv2d, second: nn.Conv2d) -> None:
        super().__init__()
        self.first, self.second = first, second

    def forward(self, x: Tensor) -> Tensor:
        y = self.second(F.relu(self.first(x)))
        if self.first.stride[0] == 2:
            x = F.avg_pool2d(x, 2, 2)
        channels, height, width = (max(a, b) for a, b in zip(x.shape[1:], y.shape[1:], strict=True))
        return F.relu(_padded(x, channels, height, width) + _padded(y, channels, height, width))


def _padded(x: Tensor, channels: int, height: int, width: int) -> Tensor:
    return F.pad(x, (0, width - x.shape[3], 0, height - x.shape[2], 0, channels - x.shape[1]))


class _Layers:
    """Takes layers off the file's list; everything must be as the architecture has it."""

    def __init__(self, layers: tuple[Layer, ...], path: Path) -> None:
        self.layers = list(layers)
        self.path = path
        self.channels = 3

    def convolution(self, kinds: tuple[str, ...], side: int, stride: int) -> nn.Conv2d:
        taken = self.take(kinds)
        return self.folded(taken[0], taken[1], side, stride)

    def blocks(self) -> Iterator[_Block]:
        while (kinds := tuple(layer.kind for layer in self.layers[: len(_DOWN)]))[0] == "con_4":
            down = kinds == _DOWN
            taken = self.take(_DOWN if down else _PLAIN)
            first = self.folded(taken[0], taken[1], 3, 2 if down else 1)
            yield _Block(first, self.folded(taken[3], taken[4], 3, 1))

    def head(self) -> nn.Parameter:
        _, layer = self.take(("avg_pool_2", "fc_2"))
        self.check(layer.shapes[0], (self.channels, EMBEDDING, 1, 1))
        self.check(self.layers, [])
        return nn.Parameter(
            torch.from_numpy(layer.parameters).view(self.channels, EMBEDDING), requires_grad=False
        )

    def take(self, kinds: tuple[str, ...]) -> list[Layer]:
        taken, self.layers = self.layers[: len(kinds)], self.layers[len(kinds) :]
        self.check(tuple(layer.kind for layer in taken), kinds)
        return taken

    def folded(self, convolution: Layer, affine: Layer, side: int, stride: int) -> nn.Conv2d:
        filters, rows, columns, *steps = convolution.settings
        padding = 1 if stride == 1 else 0
        self.check((rows, columns, *steps), (side, side, stride, stride, padding, padding))
        self.check(convolution.shapes, ((filters, self.channels, side, side), (1, filters, 1, 1)))
        self.check(affine.shapes, ((1, filters, 1, 1),) * 2)
        numbers = torch.from_numpy(convolution.parameters)
        gain, shift = torch.from_numpy(affine.parameters).split(filters)
        weight = numbers[:-filters].view(filters, self.channels, side, side)
        layer = nn.Conv2d(self.channels, filters, side, stride, padding).requires_grad_(False)
        layer.weight.copy_(weight * gain.view(-1, 1, 1, 1))
        assert layer.bias is not None
        layer.bias.copy_(numbers[-filters:] * gain + shift)
        self.channels = filters
        return layer

    def check(self, found: object, wanted: object) -> None:
        if found != wanted:
            raise MedbenchError(
                f"{self.path} holds another network ({found}, not {wanted}); install its package again"
            )
