"""Checkpoints that are whole or absent.

A checkpoint is a folder ``checkpoint-<step>`` with ``weights.safetensors`` (models and averages)
and ``optimiser.pt`` (optimiser state, step, seconds). It is written under another name, flushed to
disk and renamed, so a kill at any moment leaves the one before it in force.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch
from safetensors.torch import load_file, save_file

from medbench.core import MedbenchError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from torch import nn
    from torch.optim import Optimizer

WEIGHTS = "weights.safetensors"
OPTIMISER = "optimiser.pt"


@dataclass(frozen=True)
class Position:
    """Where a stage stands: steps done and seconds spent on them."""

    step: int = 0
    seconds: float = 0.0


def save(
    folder: Path, modules: Mapping[str, nn.Module], optimisers: Mapping[str, Optimizer], position: Position
) -> Path:
    """Write a checkpoint into ``folder`` and drop older ones; returns its path."""
    final = folder / f"checkpoint-{position.step:08d}"
    draft = folder / f".{final.name}.part"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    save_file(_flat(modules), draft / WEIGHTS)
    state = {name: optimiser.state_dict() for name, optimiser in optimisers.items()}
    torch.save({"optimisers": state, **vars(position)}, draft / OPTIMISER)
    for file in draft.iterdir():
        _flush(file)
    shutil.rmtree(final, ignore_errors=True)
    draft.replace(final)
    _flush(folder)
    for old in folder.glob("checkpoint-*"):
        if old != final:
            shutil.rmtree(old, ignore_errors=True)
    return final


def latest(folder: Path) -> Path | None:
    """Return the newest whole checkpoint of ``folder``, None where there is none."""
    whole = [c for c in folder.glob("checkpoint-*") if (c / WEIGHTS).is_file() and (c / OPTIMISER).is_file()]
    return max(whole, key=lambda c: c.name, default=None)


def load(checkpoint: Path, modules: Mapping[str, nn.Module], optimisers: Mapping[str, Optimizer]) -> Position:
    """Load a checkpoint into modules and optimisers, in place.

    Raises:
        MedbenchError: The checkpoint was written for other networks.
    """
    tensors = load_file(checkpoint / WEIGHTS)
    state: dict[str, Any] = torch.load(checkpoint / OPTIMISER, map_location="cpu", weights_only=True)
    try:
        for name, module in modules.items():
            prefix = f"{name}/"
            own = {key.removeprefix(prefix): t for key, t in tensors.items() if key.startswith(prefix)}
            module.load_state_dict(own)
        for name, optimiser in optimisers.items():
            optimiser.load_state_dict(state["optimisers"][name])
    except (RuntimeError, KeyError, ValueError) as error:
        raise MedbenchError(
            f"{checkpoint} does not fit these networks; move it away or train into another folder ({error})"
        ) from error
    return Position(state["step"], state["seconds"])


def _flat(modules: Mapping[str, nn.Module]) -> dict[str, torch.Tensor]:
    return {
        f"{name}/{key}": tensor.detach().cpu().clone(memory_format=torch.contiguous_format)
        for name, module in modules.items()
        for key, tensor in module.state_dict().items()
    }


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
