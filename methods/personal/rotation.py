"""The password's rotation of an identity code.

The paper turns the code towards a vector that the password gives, which can be undone only while
the angle is smaller than that between the two. Here the password chooses an orthonormal basis and
the code is turned by the same angle in each plane of it: every code moves by exactly that angle,
and the inverse is exact for any.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

if TYPE_CHECKING:
    from medbench.keys import Key

_PURPOSE, _REST = "personal rotation", "personal rest"


def rotation(key: Key, size: int, degrees: float) -> Tensor:
    """An orthogonal matrix (size, size) that turns every vector by ``degrees``; ``size`` is even."""
    if size % 2:
        raise ValueError(f"planes need an even number of dimensions, not {size}")
    draws = key.normal(size * size, _PURPOSE).reshape(size, size).astype(np.float64)
    basis, triangle = np.linalg.qr(draws)
    # Without the signs the basis would depend on the linear algebra library.
    basis *= np.sign(np.diag(triangle))
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    planes = np.kron(np.eye(size // 2), np.array([[cos, -sin], [sin, cos]]))
    return torch.from_numpy((basis @ planes @ basis.T).astype(np.float32))


def rest(key: Key, size: int, degrees: float) -> Tensor:
    """What a password puts where nothing is turned: N(0, 1) draws (1, size), fewer at small angles."""
    draws = torch.from_numpy(key.normal(size, _REST))
    return math.sin(math.radians(min(degrees, 90.0))) * draws[None]


def rotated(codes: Tensor, keys: Sequence[Key], degrees: float) -> Tensor:
    """Codes (B, N), each turned by its key's rotation; negative ``degrees`` turn back."""
    turns = torch.stack([rotation(key, codes.shape[1], degrees) for key in keys]).to(codes)
    return torch.einsum("bij,bj->bi", turns, codes)
