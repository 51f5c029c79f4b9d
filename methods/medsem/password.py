"""What a key means to MedSem-DeID: P in R^512 and a virtual person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from medbench.methods.networks.password_transformer import PASSWORD

if TYPE_CHECKING:
    from medbench.keys import Key

#: What of a key the carried code is sealed under.
CARRIER = "medsem"


def passwords(keys: Sequence[Key]) -> Tensor:
    """P of each key: (B, 512), N(0, 1), as the paper's siblings draw it (ROFI, 4.1)."""
    return torch.stack([torch.from_numpy(key.normal(PASSWORD, "medsem password")) for key in keys])


def numbers(keys: Sequence[Key]) -> Tensor:
    """What each key picks a virtual person by: (B,) int64, not negative."""
    return torch.tensor([int.from_bytes(key.bytes(7, "medsem person"), "little") for key in keys])
