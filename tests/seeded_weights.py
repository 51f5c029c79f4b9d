"""Weights and pictures that are the same on every machine: reference outputs of upstreams rest on them."""

from __future__ import annotations

import hashlib

import numpy as np
import torch

#: Ends of the names of what closes a residual branch: kept small, lest deep networks overflow.
_LAST = ("bn3.weight", "project.bn.weight")


def _random(name):
    return np.random.default_rng(int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big"))


def seed_weights(network):
    """Fill all parameters and buffers by their names."""
    with torch.no_grad():
        for name, tensor in network.state_dict().items():
            if name.endswith("num_batches_tracked"):
                tensor.fill_(1)
                continue
            draw = torch.from_numpy(_random(name).standard_normal(tuple(tensor.shape), dtype=np.float32))
            if tensor.dim() > 1:
                draw *= (1.5 / tensor[0].numel()) ** 0.5
            elif name.endswith("running_var"):
                draw = 1 + 0.2 * draw.abs()
            elif "relu" in name and tensor.dim() == 1 and not name.startswith("bn"):
                draw = 0.25 + 0.05 * draw
            else:
                draw = 0.1 * draw + name.endswith("weight") * (0.3 if name.endswith(_LAST) else 1.0)
            tensor.copy_(draw)
    return network


def seeded_faces(count, height, width, name="faces"):
    """Soft uint8 RGB patterns (count, height, width, 3)."""
    coarse = _random(name).integers(0, 256, (count, 3, 8, 8)).astype(np.float32)
    large = torch.nn.functional.interpolate(torch.from_numpy(coarse), (height, width), mode="bilinear")
    return large.round().byte().permute(0, 2, 3, 1).contiguous().numpy()


def shapes_digest(state):
    """sha256 of the names and shapes of a state dict, in order."""
    lines = [f"{name} {tuple(tensor.shape)}" for name, tensor in state.items()]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


#: Where five points of a face may lie in a picture of 256 pixels.
POINTS = np.array([[92.3, 110.8], [158.6, 104.1], [128.9, 149.5], [101.2, 181.7], [156.4, 176.0]])
