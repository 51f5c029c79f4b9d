"""Read the tensors of an official weight file, however it is wrapped."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from torch import Tensor

from medbench.core import MedbenchError
from medbench.weights import is_safetensors, load_safetensors, load_torch

#: Keys under which authors put the weights beside an optimiser's state and the like.
_WRAPPERS = ("state_dict", "model_state_dict", "model", "teacher")
_PARALLEL = "module."


def read_state(path: Path) -> dict[str, Tensor]:
    """Names and tensors of a file of torch.save or of safetensors, told apart by their content.

    Raises:
        MedbenchError: the file is damaged, holds more than tensors, or holds none.
    """
    found: dict[str, Any] = dict(load_safetensors(path) if is_safetensors(path) else load_torch(path))
    for wrapper in _WRAPPERS:
        if isinstance(found.get(wrapper), dict):
            found = found[wrapper]
    state = {name.removeprefix(_PARALLEL): t for name, t in found.items() if isinstance(t, Tensor)}
    if not state:
        raise MedbenchError(f"{path} holds no tensors; give the file of the weights")
    return state
