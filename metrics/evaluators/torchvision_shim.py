"""Import torchvision where its compiled part does not fit the installed torch.

torchvision's Linux wheel on the package index is built for CUDA: beside a CPU torch its ``_C.so`` does
not load and ``import torchvision`` fails on the missing operator ``nms``. Here that operator is declared
and written in torch, which is all that detectors need. Relies on names private to torchvision 0.28.
"""

from __future__ import annotations

import importlib
import importlib.util
from functools import cache
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from medbench.core import Unavailable

_SCHEMA = "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor"
_libraries: list[torch.library.Library] = []


@cache
def import_torchvision() -> Any:
    """Import torchvision: as it is where its compiled part loads, else with ``nms`` in torch.

    Raises:
        Unavailable: torchvision is not installed.
    """
    spec = importlib.util.find_spec("torchvision")
    if spec is None or not spec.submodule_search_locations:
        raise Unavailable("torchvision is not installed: pip install --no-deps torchvision==0.28.0")
    if _loads(Path(next(iter(spec.submodule_search_locations))) / "_C.so"):
        return importlib.import_module("torchvision")
    library = torch.library.Library("torchvision", "DEF")
    library.define(f"nms{_SCHEMA}")
    library.define(f"qnms{_SCHEMA}")
    library.impl("nms", nms, "CPU")
    _libraries.append(library)  # what is collected is undeclared
    torchvision = importlib.import_module("torchvision")
    boxes = importlib.import_module("torchvision.ops.boxes")
    vars(boxes)["_assert_has_ops"] = lambda: None
    return torchvision


def nms(boxes: Tensor, scores: Tensor, iou_threshold: float) -> Tensor:
    """Keep, best first, the boxes that overlap no better one by more than ``iou_threshold``.

    Args:
        boxes: (N, 4) left, top, right, bottom.
        scores: (N,).
        iou_threshold: intersection over union in [0, 1].

    Returns:
        Indices of the boxes that are kept, (K,) int64.
    """
    order = scores.argsort(descending=True, stable=True)
    area = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    kept = []
    while len(order):
        best, order = order[0], order[1:]
        kept.append(best)
        low = torch.maximum(boxes[best, :2], boxes[order, :2])
        high = torch.minimum(boxes[best, 2:], boxes[order, 2:])
        shared = (high - low).clamp(min=0).prod(dim=1)
        order = order[shared / (area[best] + area[order] - shared) <= iou_threshold]
    return torch.stack(kept) if kept else torch.zeros(0, dtype=torch.long)


def _loads(library: Path) -> bool:
    # Trying `import torchvision` instead would leave half-registered operators behind.
    try:
        torch.ops.load_library(str(library))
    except OSError:
        return False
    return True
