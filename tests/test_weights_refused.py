"""Every method without its weights, or with another network's, says so, and how they are made."""

import pytest
import torch

from medbench.core import Unavailable
from medbench.methods.networks.frozen import write_state
from medbench.registry import Registry


def weighted() -> dict[str, type]:
    """Methods that read weights of their own, by name."""
    kinds = {name: Registry("methods").get(name) for name in Registry("methods").names()}
    return {name: kind for name, kind in kinds.items() if hasattr(kind, "weights")}


@pytest.fixture(params=weighted().items(), ids=lambda one: one[0])
def lacking(request, tmp_path):
    """Name, method, and the file of its default preset, which is not there."""
    name, kind = request.param
    method = kind()
    folder = kind.weights.is_dir()
    method.weights = tmp_path if folder else tmp_path / kind.weights.name
    return name, method, tmp_path / ("mini.safetensors" if folder else kind.weights.name)


def test_missing_weights_are_told_with_the_command_that_makes_them(lacking):
    name, method, _ = lacking
    with pytest.raises(Unavailable, match=f"medbench train --method {name}"):
        method.load()


@pytest.mark.parametrize("content", ["no weights at all", "another network's"])
def test_foreign_weights_are_refused(lacking, content):
    _, method, file = lacking
    if content == "another network's":
        write_state({"other": torch.zeros(1)}, file)
    else:
        file.write_bytes(content.encode())
    with pytest.raises(Unavailable, match="does not hold"):
        method.load()
