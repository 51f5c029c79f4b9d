"""Seeds that come from names, so that a run can be repeated, resumed and compared."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import torch

if TYPE_CHECKING:
    from collections.abc import Callable

Net = TypeVar("Net", bound=torch.nn.Module)


def seed_of(*names: str | int) -> int:
    """Return a seed in [0, 2**63) that depends on the names alone, on every machine.

    Args:
        names: What the draw is for, e.g. ``("medsem", "deid", "step", 17)``.
    """
    text = "\x1f".join(str(name) for name in names)
    return int.from_bytes(hashlib.sha256(text.encode("utf-8")).digest()[:8], "little") >> 1


def generator(*names: str | int) -> np.random.Generator:
    """Return a numpy generator seeded by names (see :func:`seed_of`)."""
    return np.random.default_rng(seed_of(*names))


def seeded(build: Callable[[], Net], *names: str | int) -> Net:
    """Build a network whose initial weights come from names; torch's own random state is left alone."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed_of(*names, "initial weights"))
        return build()
