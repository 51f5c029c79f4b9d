"""Seeds that come from names, so that a run can be repeated, resumed and compared."""

from __future__ import annotations

import hashlib

import numpy as np


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
