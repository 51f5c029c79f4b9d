"""Fitted heads in the user's store of weights: safetensors, whose notes say what they were fitted on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from torch import Tensor

from medbench.atomic import replacing
from medbench.core import MedbenchError, Unavailable
from medbench.metrics.evaluators.vision.heads import Head, head_of
from medbench.weights import header, load_safetensors
from medbench.weights.store import store_folder

_NETWORK = "network."


@dataclass(frozen=True)
class FittedHead:
    """A head, the weights of a fine-tuned backbone (empty where it was frozen), and the notes.

    ``digest`` is the sha256 of tensors and notes. The file's own would change with every fit: its
    writer puts the notes in no fixed order.
    """

    head: Head
    network: Mapping[str, Tensor]
    notes: Mapping[str, str]
    digest: str


def head_path(evaluator: str) -> Path:
    """Where an evaluator's head lies, or would."""
    return store_folder() / "heads" / f"{evaluator}.safetensors"


def write_head(
    path: Path, head: Head, notes: Mapping[str, str], network: Mapping[str, Tensor] | None = None
) -> Path:
    """Write a head, and a fine-tuned backbone as fp16 where there is one; atomic."""
    from safetensors.torch import save_file

    tensors = dict(head.state_dict())
    tensors |= {
        f"{_NETWORK}{name}": t.half() if t.is_floating_point() else t for name, t in (network or {}).items()
    }
    with replacing(path) as draft:
        save_file({n: t.detach().cpu().contiguous() for n, t in tensors.items()}, draft, dict(notes))
    return path


def read_head(path: Path, evaluator: str, backbone_sha256: str) -> FittedHead:
    """Read a head that was fitted for an evaluator on one backbone.

    Raises:
        Unavailable: none was fitted yet.
        MedbenchError: the file is damaged, or was fitted on another backbone.
    """
    again = f"medbench fit-evaluator {evaluator} --suite SUITE"
    if not path.is_file():
        raise Unavailable(f"{evaluator} has no fitted head; fit one on a suite's train split: {again}")
    notes = header(path)
    if notes.get("backbone_sha256") != backbone_sha256:
        other = notes.get("backbone_sha256", "not noted")[:16]
        raise MedbenchError(
            f"{path} was fitted on another backbone (sha256 {other}…, not {backbone_sha256[:16]}…); "
            f"fit it again: {again}"
        )
    tensors = load_safetensors(path)
    try:
        head = head_of(notes.get("head", ""), tensors)
    except KeyError as error:
        raise MedbenchError(f"{path} holds no head (no {error}); delete it and give: {again}") from None
    network = {n.removeprefix(_NETWORK): t for n, t in tensors.items() if n.startswith(_NETWORK)}
    return FittedHead(head.eval().requires_grad_(False), network, notes, _digest(tensors, notes))


def _digest(tensors: Mapping[str, Tensor], notes: Mapping[str, str]) -> str:
    found = hashlib.sha256(json.dumps(dict(notes), sort_keys=True).encode())
    for name in sorted(tensors):
        found.update(name.encode() + tensors[name].numpy().tobytes())
    return found.hexdigest()
