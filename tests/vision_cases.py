"""Weights drawn from names, so that an upstream's network and ours can be given the same ones."""

from __future__ import annotations

import numpy as np
import torch

from medbench.seeds import generator


def drawn(state):
    """A state with the names and shapes of ``state`` and numbers that come from them alone."""
    return {name: _drawn(name, tensor) for name, tensor in state.items()}


def _drawn(name, tensor):
    if not tensor.is_floating_point():
        return torch.zeros_like(tensor)
    numbers = generator("vision", name, str(tuple(tensor.shape))).normal(size=tuple(tensor.shape))
    if name.endswith("running_var") or (tensor.ndim == 1 and name.endswith(("weight", "gamma"))):
        numbers = 1 + 0.1 * np.tanh(numbers)
    elif tensor.ndim == 1 or name.endswith("pos_embed"):
        numbers = 0.1 * numbers
    elif tensor.ndim > 1:
        numbers = numbers / np.sqrt(max(1, np.prod(tensor.shape[1:])))
    return torch.from_numpy(np.asarray(numbers, dtype=np.float32))


def pixels(*shape):
    """Normalised pixels that come from their shape alone."""
    numbers = generator("pixels", str(shape)).normal(size=shape)
    return torch.from_numpy(numbers.astype(np.float32))
