"""Read weight files; nothing in them is ever executed."""

from __future__ import annotations

import json
import pickle
from pathlib import Path
from typing import TYPE_CHECKING, Any

from medbench.core import MedbenchError

if TYPE_CHECKING:
    from torch import Tensor

_LONGEST_HEADER = 100_000_000


def is_safetensors(path: Path) -> bool:
    """Whether a file begins as one of safetensors, whatever it is called."""
    with path.open("rb") as file:
        return file.read(9)[8:] == b"{"


def header(path: Path) -> dict[str, str]:
    """Return the notes in the header of a safetensors file; {} where there are none."""
    with path.open("rb") as file:
        length = min(int.from_bytes(file.read(8), "little"), _LONGEST_HEADER)
        try:
            notes: dict[str, str] = json.loads(file.read(length)).get("__metadata__", {})
        except ValueError:
            raise MedbenchError(
                f"{path} is no safetensors file; delete it and fetch or train it again"
            ) from None
    return notes


def load_safetensors(path: Path) -> dict[str, Tensor]:
    """Load tensors of a safetensors file, halves as float32.

    Raises:
        MedbenchError: the file is damaged.
    """
    import torch
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    try:
        tensors = load_file(path)
    except (SafetensorError, OSError) as error:
        raise MedbenchError(
            f"{path} cannot be read ({error}); delete it and fetch or train it again"
        ) from None
    return {name: t.float() if t.dtype == torch.float16 else t for name, t in tensors.items()}


def load_torch(path: Path) -> dict[str, Any]:
    """Load a file of ``torch.save`` on the CPU: tensors and plain values in a dict, never code.

    Raises:
        MedbenchError: the file is damaged, or it holds more than tensors. What it holds was not run.
    """
    import torch

    try:
        found = torch.load(path, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as error:
        reason = str(error).strip().splitlines()[-1][:200] if str(error).strip() else "no pickle"
        raise MedbenchError(
            f"{path} is refused, and nothing of it was run: it is damaged or holds more than tensors "
            f"({reason}); get the authors' own file again, and check its sha256 with them"
        ) from None
    except (RuntimeError, EOFError, OSError, ValueError, KeyError, IndexError, AttributeError) as error:
        raise MedbenchError(f"{path} cannot be read ({error}); delete it and fetch it again") from None
    if not isinstance(found, dict):
        raise MedbenchError(
            f"{path} holds a {type(found).__name__}, not a dict of tensors; give the file of the weights"
        )
    return found
