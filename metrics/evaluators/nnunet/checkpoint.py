"""Checkpoints of nnU-Net, read without running what may be in them."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import numpy as np
import torch

from medbench.core import MedbenchError

#: nnU-Net logs some figures as numpy scalars; these build numbers and nothing else.
_NUMBERS: list[Any] = [
    np.dtype,
    *(type(np.dtype(kind)) for kind in ("float64", "float32", "int64", "bool")),
    np.core.multiarray.scalar if np.__version__ < "2" else np._core.multiarray.scalar,  # type: ignore[attr-defined]
]


def read_checkpoint(file: Path) -> dict[str, Any]:
    """Read ``checkpoint_final.pth``: tensors, numbers and text.

    Raises:
        MedbenchError: it is damaged, holds anything else, or is no checkpoint of nnU-Net.
    """
    try:
        with torch.serialization.safe_globals(_NUMBERS):
            found = torch.load(file, map_location="cpu", weights_only=True)
    except (pickle.UnpicklingError, RuntimeError, EOFError, OSError) as error:
        first = str(error).splitlines()[0]
        raise MedbenchError(
            f"{file} is not read: damaged, or it holds more than tensors and numbers ({first}); "
            "train it again with a current nnunetv2"
        ) from None
    lacking = {"network_weights", "init_args", "trainer_name"} - set(found if isinstance(found, dict) else ())
    if lacking:
        raise MedbenchError(f"{file} is no checkpoint of nnU-Net: it lacks {', '.join(sorted(lacking))}")
    return dict(found)
