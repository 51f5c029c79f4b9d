"""Running averages of weights."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch.optim.swa_utils import AveragedModel

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from torch import Tensor, nn

    Tensors = tuple[Tensor, ...] | list[Tensor]


def averaged_copies(models: Mapping[str, nn.Module], decay: float) -> dict[str, AveragedModel]:
    """Return one exponential moving average per model; ``.update_parameters(model)`` after each step.

    The decay starts low and rises to ``decay``, so that a short training is not held back by its
    random start. Buffers are copied, not averaged.
    """
    average = _rising(decay)
    return {name: AveragedModel(model, multi_avg_fn=average) for name, model in models.items()}


def _rising(decay: float) -> Callable[[Tensors, Tensors, Tensor | int], None]:
    @torch.no_grad()
    def update(averaged: Tensors, current: Tensors, count: Tensor | int) -> None:
        seen = int(count)
        keep = min(decay, (1 + seen) / (10 + seen))
        torch._foreach_lerp_(averaged, current, 1 - keep)

    return update
