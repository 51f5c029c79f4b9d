"""A stage that leaves the averaged weights of a network in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from torch import nn

from medbench.methods.training.loop import train_stage


def train_averaged(
    name: str, core: nn.Module, beside: Mapping[str, nn.Module] | None = None, **stage: Any
) -> None:
    """Train ``core``, and networks ``beside`` it that end with the stage; ``stage`` as in ``train_stage``."""
    result = train_stage(name, models={"core": core, **(beside or {})}, **stage)
    core.load_state_dict(result.averaged["core"].state_dict())
