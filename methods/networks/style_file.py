"""The file of the style prior: a generator and its encoder, trained together and shared by methods."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from safetensors import SafetensorError
from safetensors.torch import load_file

from medbench.core import Unavailable
from medbench.methods.networks.frozen import freeze, write_state
from medbench.methods.networks.memory import channels_last

if TYPE_CHECKING:
    from collections.abc import Mapping

    from torch import nn

Net = TypeVar("Net", bound="nn.Module")

WEIGHTS = Path(__file__).parent / "weights" / "style_prior.safetensors"
_REMEDY = "`python -m medbench.methods.training.train_style_prior --out runs/style-prior` makes it"


def read_part(net: Net, path: Path, part: str) -> Net:
    """Load ``part`` (``prior`` or ``encoder``) of the file into ``net``, fp32, frozen.

    Raises:
        Unavailable: The file is missing, broken, or of another network.
    """
    if not path.is_file():
        raise Unavailable(f"{path} is missing; {_REMEDY}")
    try:
        found = {key: tensor for key, tensor in load_file(path).items() if key.startswith(f"{part}.")}
        net.load_state_dict(
            {key[len(part) + 1 :]: t.float() if t.is_floating_point() else t for key, t in found.items()}
        )
    except (SafetensorError, RuntimeError) as error:
        raise Unavailable(
            f"{path} does not hold a {type(net).__name__}; remove it: {_REMEDY} ({error})"
        ) from error
    return freeze(channels_last(net))


def write_parts(parts: Mapping[str, nn.Module], path: Path, notes: Mapping[str, str]) -> Path:
    """Write the networks of all parts as one fp16 file."""
    state = {f"{part}.{key}": t for part, net in parts.items() for key, t in net.state_dict().items()}
    return write_state(state, path, notes)
