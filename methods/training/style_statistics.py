"""What the style prior knows before it learns: how people vary, and where a posed head's surface lies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch

from medbench.methods.networks.style_blocks import pose_terms
from medbench.methods.networks.style_codes import POSE

if TYPE_CHECKING:
    from medbench.methods.networks.style_prior import StylePrior
    from medbench.methods.training.heads import Heads

#: Weight of a cell that shows no head, whose position is extrapolated.
_OFF = 0.02
_RIDGE = 1e-3
_PICTURES = 4000
#: A number that no head changes still needs a size.
_LEAST = 1e-3


def set_statistics(prior: StylePrior, heads: Heads) -> None:
    """Fit codes, scenes' sizes and positions to ``heads``, in closed form, and put them into ``prior``."""
    _set_people(prior, np.unique(heads.people, axis=0))
    prior.scene_mean.copy_(torch.from_numpy(heads.scenes.mean(0)))
    prior.scene_size.copy_(torch.from_numpy(heads.scenes.std(0).clip(_LEAST)))
    rows = np.arange(0, len(heads), max(1, len(heads) // _PICTURES))
    pose = prior.standard(torch.from_numpy(heads.scenes[rows]))[:, :POSE]
    terms = pose_terms(pose).double().numpy()
    prior.positions.copy_(torch.from_numpy(fit_positions(terms, heads.positions[rows].astype(np.float64))))


def _set_people(prior: StylePrior, people: np.ndarray) -> None:
    """Whitened principal components of the standardised person numbers."""
    mean, size = people.mean(0), people.std(0).clip(_LEAST)
    standard = (people - mean) / size
    _, spread, axes = np.linalg.svd(standard, full_matrices=False)
    spread = spread[: prior.IDENTITY] / np.sqrt(len(people))
    axes = axes[: prior.IDENTITY]
    prior.person_mean.copy_(torch.from_numpy(mean))
    prior.person_to_code.copy_(torch.from_numpy(axes / spread[:, None] / size))
    prior.code_to_person.copy_(torch.from_numpy((axes * spread[:, None] * size).T))


def fit_positions(terms: np.ndarray, positions: np.ndarray) -> np.ndarray:
    """Ridge regression of each cell's position on the terms of the pose.

    Args:
        terms: (N, T), of :func:`medbench.methods.networks.style_blocks.pose_terms`.
        positions: (N, 2, h, w), NaN off the head.

    Returns:
        Coefficients (T, 2, h, w), float32.
    """
    count, _, height, width = positions.shape
    seen = np.isfinite(positions[:, 0]).reshape(count, -1)
    whole = _extrapolated(positions).reshape(count, 2, -1)
    weight = np.where(seen, 1.0, _OFF)
    squares = np.einsum("nt,nu->ntu", terms, terms).reshape(count, -1)
    gram = (weight.T @ squares).reshape(-1, terms.shape[1], terms.shape[1])
    gram += _RIDGE * count * np.eye(terms.shape[1]) * np.r_[0, np.ones(terms.shape[1] - 1)]
    right = np.stack([(weight * whole[:, axis]).T @ terms for axis in (0, 1)], axis=-1)
    fitted = np.linalg.solve(gram, right)
    return fitted.transpose(1, 2, 0).reshape(terms.shape[1], 2, height, width).astype(np.float32)


def _extrapolated(positions: np.ndarray) -> np.ndarray:
    """Fill the cells off each head with a plane through those on it."""
    rows, columns = np.mgrid[-1 : 1 : positions.shape[2] * 1j, -1 : 1 : positions.shape[3] * 1j]
    plane = np.stack([rows, columns, np.ones_like(rows)], axis=-1).reshape(-1, 3)
    flat = positions.reshape(len(positions), 2, -1)
    filled = np.empty_like(flat)
    for row, both in enumerate(flat):
        on = np.isfinite(both[0])
        slope = np.linalg.lstsq(plane[on], both[:, on].T, rcond=None)[0]
        filled[row] = np.where(on, both, (plane @ slope).T)
    return filled.reshape(positions.shape)
