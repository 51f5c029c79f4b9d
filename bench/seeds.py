"""Seeds come from names, never from a global: leave a name out and its axis shares the draws."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np


def seed_of(*names: str | int) -> int:
    """Hash names to a seed in [0, 2**63), the same on every machine.

    Args:
        names: what the draw is for, e.g. ``("0", "mema-mini", "wrong-keys")``.
    """
    text = "\x1f".join(str(name) for name in names)
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") >> 1


def generator(*names: str | int) -> np.random.Generator:
    """Return a numpy generator seeded with :func:`seed_of` of the names."""
    import numpy as np

    return np.random.default_rng(seed_of(*names))
