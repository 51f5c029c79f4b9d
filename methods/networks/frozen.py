"""Small weight files of networks that are trained once and then only looked through."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from safetensors import SafetensorError
from safetensors.torch import load_file, save_file

from medbench.core import Unavailable
from medbench.methods.networks.memory import channels_last

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from torch import Tensor, nn

Net = TypeVar("Net", bound="nn.Module")


def freeze(net: Net) -> Net:
    """Put ``net`` into eval mode and stop its weights' gradients; gradients to inputs still flow."""
    net.eval()
    for parameter in net.parameters():
        parameter.requires_grad_(False)
    return net


def write_weights(net: nn.Module, path: Path, notes: Mapping[str, str] | None = None) -> Path:
    """Write a network's state as fp16 safetensors, with ``notes`` in the file's header; atomic."""
    return write_state(net.state_dict(), path, notes)


def write_state(state: Mapping[str, Tensor], path: Path, notes: Mapping[str, str] | None = None) -> Path:
    """Write tensors as :func:`write_weights` does; whole numbers stay what they are."""
    state = {
        key: (tensor.half() if tensor.is_floating_point() else tensor).detach().cpu().contiguous()
        for key, tensor in state.items()
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.part")
    save_file(state, draft, metadata=dict(notes or {}))
    draft.chmod(0o644)
    draft.replace(path)
    return path


def read_weights(net: Net, path: Path, method: str = "ours") -> Net:
    """Load a file of :func:`write_weights` into ``net`` (fp32) and freeze it; ``method`` trains it.

    Raises:
        Unavailable: The file is missing, broken, or of another network.
    """
    if not path.is_file():
        raise Unavailable(f"{path} is missing; `medbench train --method {method}` makes it")
    with holding(path, type(net).__name__):
        state = {k: t.float() if t.is_floating_point() else t for k, t in load_file(path).items()}
        net.load_state_dict(state)
    return freeze(channels_last(net))


@contextmanager
def holding(path: Path, what: str) -> Iterator[None]:
    """Tell as Unavailable whatever comes of reading ``what`` from a file that is broken or another's."""
    try:
        yield
    except (SafetensorError, RuntimeError, KeyError, TypeError) as error:
        raise Unavailable(f"{path} does not hold a {what}; remove it and train again ({error})") from error
