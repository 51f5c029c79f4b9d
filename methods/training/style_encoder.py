"""Fit the encoder that inverts the style prior: two ridge regressions on the renderer's truth."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from medbench.methods.face_window import Window
from medbench.methods.networks.frozen import freeze
from medbench.methods.networks.head_swap import head_swap
from medbench.methods.networks.style_encoder import StyleEncoder
from medbench.methods.training.seeds import seed_of

if TYPE_CHECKING:
    from torch import nn

    from medbench.methods.networks.style_prior import StylePrior
    from medbench.methods.training.heads import Heads

RIDGE = 0.5
#: Pictures into which the prior lays heads of its own: what is read again was drawn by the prior.
SWAPS = 600
_CHUNK = 50


@torch.no_grad()
def fit_encoder(prior: StylePrior, heads: Heads, device: str = "cpu", swaps: int = SWAPS) -> StyleEncoder:
    """Fit on all ``heads`` and on ``swaps`` of them with another head laid in; frozen."""
    encoder = StyleEncoder().to(device)
    rows = [np.arange(first, min(first + _CHUNK, len(heads))) for first in range(0, len(heads), _CHUNK)]
    points = torch.from_numpy(points_of(heads.landmarks.astype(np.float32))).to(device)
    encoder.canonical.copy_(points.mean(0))
    ridge(
        encoder.place,
        torch.cat([encoder.coarse(_pictures(heads, r, device)) for r in rows]),
        points.flatten(1),
    )
    codes = prior.code(torch.from_numpy(heads.people).to(device))
    scenes = prior.standard(torch.from_numpy(heads.scenes).to(device))
    seen = [_features(encoder, _pictures(heads, r, device)) for r in rows]
    generator = torch.Generator().manual_seed(seed_of("style encoder", "swaps"))
    other = prior.definite(torch.randn(len(heads), prior.IDENTITY, generator=generator).to(device))
    again = np.random.default_rng(seed_of("style encoder", "rows")).permutation(len(heads))[:swaps]
    for first in range(0, len(again), _CHUNK):
        part = again[first : first + _CHUNK]
        seen.append(_features(encoder, swapped(prior, heads, part, other[part], scenes[part])))
    order = np.concatenate([np.arange(len(heads)), again])
    truth = torch.cat([torch.cat([codes, other[again]]), scenes[order]], dim=1)
    ridge(encoder.read, torch.cat(seen), truth)
    return freeze(encoder)


def points_of(landmarks: np.ndarray) -> np.ndarray:
    """Eyes, nose and corners of the mouth (N, 5, 2) in [-1, 1], of 68 landmarks in pixels of 256."""
    eyes = [landmarks[:, 36:42].mean(1), landmarks[:, 42:48].mean(1)]
    return np.stack([*eyes, landmarks[:, 33], landmarks[:, 48], landmarks[:, 54]], axis=1) / 128 - 1


def ridge(linear: nn.Linear, features: Tensor, truth: Tensor, strength: float = RIDGE) -> None:
    """Set ``linear`` to the ridge regression of truth (N, out) on standardised features (N, in)."""
    features, truth = features.double(), truth.double()
    mean, size, middle = features.mean(0), features.std(0).clamp(min=1e-3), truth.mean(0)
    standard = (features - mean) / size
    gram = standard.T @ standard / len(standard)
    gram += strength * torch.eye(len(gram), dtype=gram.dtype, device=gram.device)
    law = torch.linalg.solve(gram, standard.T @ (truth - middle) / len(standard)) / size[:, None]
    linear.weight.copy_(law.T)
    linear.bias.copy_(middle - mean @ law)


def swapped(prior: StylePrior, heads: Heads, rows: np.ndarray, codes: Tensor, scenes: Tensor) -> Tensor:
    """Other people, drawn by the prior into training pictures, 8-bit: (B, 3, 128, 128)."""
    layers = torch.from_numpy(heads.layers[rows]).to(codes.device).permute(0, 3, 1, 2).float() / 255
    with torch.autocast(codes.device.type, dtype=torch.bfloat16):
        drawn = prior(codes, scenes).float()
    seen = head_swap(layers[:, :3], drawn, layers[:, 3:], Window(0, 0, prior.SIDE))
    return (seen * 255).round() / 255


def _features(encoder: StyleEncoder, pictures: Tensor) -> Tensor:
    return encoder.features(pictures, encoder.points(pictures))


def _pictures(heads: Heads, rows: np.ndarray, device: str) -> Tensor:
    pixels = heads.layers[rows[0] : rows[-1] + 1, ..., :3].copy()
    return torch.from_numpy(pixels).to(device).permute(0, 3, 1, 2).float() / 255
