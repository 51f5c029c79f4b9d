"""Charts in a weight file: they are pictures, and are written in 8 bits."""

from __future__ import annotations

from torch import Tensor

#: The range that the 256 steps of each of the decoder's charts stand for.
_RANGES = {"albedo": (0.0, 1.0), "surface": (-1.0, 1.0)}


def packed(state: dict[str, Tensor], decoder: str) -> dict[str, Tensor]:
    """``state`` with the charts of the decoder whose names begin with ``decoder`` as bytes."""
    charts = {
        decoder + name: ((state[decoder + name] - low) * (255 / (high - low))).round().clamp(0, 255).byte()
        for name, (low, high) in _RANGES.items()
    }
    return state | charts


def unpacked(state: dict[str, Tensor], decoder: str) -> dict[str, Tensor]:
    """``state``, in which bytes have become floats, with the charts in their ranges again."""
    charts = {
        decoder + name: state[decoder + name] * ((high - low) / 255) + low
        for name, (low, high) in _RANGES.items()
    }
    return state | charts
