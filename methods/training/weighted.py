"""The sum of a method's losses, each by its weight."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from collections.abc import Mapping

    from torch import Tensor


def with_total(losses: Mapping[str, Tensor], weights: Mapping[str, float]) -> dict[str, Tensor]:
    """The losses, and ``total``: each times the weight of its name, summed up."""
    total = torch.stack([weights[name] * value for name, value in losses.items()]).sum()
    return {**losses, "total": total}
