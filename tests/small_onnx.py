"""ONNX files of a few hundred bytes, written field by field: no package that writes them is needed."""

from __future__ import annotations

import numpy as np


def _varint(value):
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes([*out, value])


def _field(number, value):
    if isinstance(value, int):
        return _varint(number << 3) + _varint(value)
    data = value.encode() if isinstance(value, str) else value
    return _varint(number << 3 | 2) + _varint(len(data)) + data


def _value(name, shape):
    dims = b"".join(_field(1, _field(1 if isinstance(d, int) else 2, d)) for d in shape)
    return _field(1, name) + _field(2, _field(1, _field(1, 1) + _field(2, dims)))


def node(kind, inputs, output, **attributes):
    """A node with integer or integer-list attributes."""
    fields = b"".join(_field(1, one) for one in inputs) + _field(2, output) + _field(4, kind)
    for name, value in attributes.items():
        many = isinstance(value, list)
        values = b"".join(_field(8, one) for one in value) if many else _field(3, value)
        fields += _field(5, _field(1, name) + values + _field(20, 7 if many else 2))
    return fields


def tensor(name, array):
    """A float constant."""
    array = np.asarray(array, np.float32)
    dims = b"".join(_field(1, size) for size in array.shape)
    return dims + _field(2, 1) + _field(8, name) + _field(9, array.tobytes())


def model(nodes, shape, constants=()):
    """A graph from ``x`` of that shape to ``y``."""
    graph = b"".join(_field(1, one) for one in nodes) + _field(2, "small")
    graph += b"".join(_field(5, one) for one in constants)
    graph += _field(11, _value("x", shape)) + _field(12, _value("y", ["n", "f"]))
    return _field(1, 8) + _field(8, _field(1, "") + _field(2, 13)) + _field(7, graph)


def pooling(shape=("n", 3, 112, 112), kernel=56):
    """Mean over squares of the picture, flattened: (B, 3, H, W) -> (B, 3 * squares)."""
    pooled = node("AveragePool", ["x"], "p", kernel_shape=[kernel, kernel], strides=[kernel, kernel])
    return model([pooled, node("Flatten", ["p"], "y", axis=1)], shape)
