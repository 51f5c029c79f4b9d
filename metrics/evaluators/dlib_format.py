"""Reader of dlib's serialisation of a network (``dlib::serialize``), layer by layer from input to output.

The format, as dlib/serialize.h and dlib/dnn/core.h write it: a layer writes its version, then its
subnetwork, then itself. So all versions come first, outermost first, then the input layer, then the
layers from the inside out. Version 2 is a computing layer, 3 the innermost one, 1 a tag or skip,
which writes nothing else. Integers are a control byte (sign, count) and little-endian bytes, floats
a mantissa and an exponent, tensors four sizes and raw float32.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from medbench.core import MedbenchError

_NEGATIVE = 0x80
#: What a layer writes after its name: t parameters, i an integer, a the shape of a part of them, f a float.
_FIELDS = {
    "con_4": "tiiiiiiiaaffff",
    "affine_": "taai",
    "max_pool_2": "iiiiii",
    "avg_pool_2": "iiiiii",
    "relu_": "",
    "add_prev_": "",
    "fc_2": "iitaaiffff",
}


@dataclass(frozen=True)
class Layer:
    """A computing layer.

    ``settings``: its integers in file order: of con_4 filters, rows, columns, stride y and x,
    padding y and x; of a pool rows, columns, strides, paddings; of fc_2 outputs, inputs, bias mode.
    ``parameters``: all of them, flat float32. ``shapes``: how they are parted.
    """

    kind: str
    settings: tuple[int, ...]
    parameters: np.ndarray
    shapes: tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Network:
    """Means of red, green and blue in 0..255, the size (rows, columns) and the layers, input first."""

    means: tuple[float, float, float]
    size: tuple[int, int]
    layers: tuple[Layer, ...]


def read_metric_network(path: Path) -> Network:
    """Read a ``loss_metric`` network over ``input_rgb_image_sized``.

    Raises:
        MedbenchError: the file is of another kind, cut off, or longer than its network.
    """
    try:
        return _Reader(path.read_bytes()).network()
    except (_UnexpectedError, UnicodeDecodeError) as error:
        raise MedbenchError(
            f"{path} is no dlib metric network ({error}); install its package again"
        ) from error


class _UnexpectedError(Exception):
    """The bytes are not what the format has at this place."""


class _Reader:
    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def network(self) -> Network:
        self.expect(self.integer(), 1, "the loss's version")
        self.expect(self.text(), "loss_metric_2", "the loss")
        self.real(), self.real()
        versions = [self.integer()]
        while versions[-1] in (1, 2):
            versions.append(self.integer())
        self.expect(versions[-1], 3, "the innermost layer's version")
        self.expect(self.text(), "input_rgb_image_sized", "the input layer")
        means = (self.real(), self.real(), self.real())
        size = (self.integer(), self.integer())
        layers = [self.layer(innermost=True)]
        layers += [self.layer() for version in versions if version == 2]
        self.expect(self.at, len(self.data), "the end")
        return Network(means, size, tuple(layers))

    def layer(self, innermost: bool = False) -> Layer:
        kind = self.text()
        if kind not in _FIELDS:
            raise _UnexpectedError(f"layer {kind!r} at byte {self.at} is not known")
        settings, shapes, parameters = [], [], np.empty(0, np.float32)
        for field in _FIELDS[kind]:
            if field == "t":
                parameters = self.tensor()
            elif field == "i":
                settings.append(self.integer())
            elif field == "a":
                self.expect(self.integer(), 1, "a shape's version")
                shapes.append(self.sizes())
            else:
                self.real()
        self.take(3)  # three flags of training
        for _ in range(3):  # gradients and the last output, empty in a file that is shipped
            self.tensor()
        if innermost:
            self.integer()  # samples per image
        self.expect(sum(math.prod(s) for s in shapes), len(parameters), "the parts' total size")
        return Layer(kind, tuple(settings), parameters, tuple(shapes))

    def expect(self, found: object, wanted: object, what: str) -> None:
        if found != wanted:
            raise _UnexpectedError(f"{what} is {found!r}, not {wanted!r}, at byte {self.at}")

    def take(self, count: int) -> bytes:
        if count < 0 or self.at + count > len(self.data):
            raise _UnexpectedError(f"cut off at byte {len(self.data)}")
        self.at += count
        return self.data[self.at - count : self.at]

    def integer(self) -> int:
        control = self.take(1)[0]
        count = control & 0x0F
        if not 1 <= count <= 8:
            raise _UnexpectedError(f"no integer at byte {self.at - 1}")
        value = int.from_bytes(self.take(count), "little")
        return -value if control & _NEGATIVE else value

    def real(self) -> float:
        return math.ldexp(self.integer(), self.integer())

    def text(self) -> str:
        return self.take(self.integer()).decode("ascii")

    def sizes(self) -> tuple[int, ...]:
        return tuple(self.integer() for _ in range(4))

    def tensor(self) -> np.ndarray:
        self.expect(self.integer(), 2, "a tensor's version")
        return np.frombuffer(self.take(4 * math.prod(self.sizes())), "<f4").copy()
