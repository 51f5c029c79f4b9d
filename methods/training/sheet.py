"""Sample sheets: what the networks make of a few images, as a PNG."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch
from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from torch import Tensor, nn


def write_sheet(
    file: Path, sheet_fn: Callable[[Mapping[str, nn.Module]], Tensor], models: Mapping[str, nn.Module]
) -> None:
    """Call ``sheet_fn(models)`` in eval mode without gradients and write its image (3, H, W) in [0, 1]."""
    modes = {name: model.training for name, model in models.items()}
    for model in models.values():
        model.eval()
    with torch.no_grad():
        image = sheet_fn(models)
    for name, model in models.items():
        model.train(modes[name])
    pixels = (image.detach().float().cpu().clamp(0, 1) * 255).round().to(torch.uint8)
    file.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.ascontiguousarray(pixels.permute(1, 2, 0).numpy())).save(file)


def tile(rows: list[Tensor]) -> Tensor:
    """Lay batches (B, 3, H, W) below one another, their images side by side: (3, rows*H, B*W)."""
    return torch.cat([torch.cat(list(row), dim=2) for row in rows], dim=1)
