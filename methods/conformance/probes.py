"""What methods are tried on: a few drawn faces, pictures without a face, and keys."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import torch
import torch.nn.functional as F

from medbench.core import Batch
from medbench.keys import Key
from medbench.seeds import generator

if TYPE_CHECKING:
    from medbench.methods.method import Method

#: Samples of mema-mini's val split, drawn on the fly: no data is needed.
SAMPLES = ("val-0003-0", "val-0011-3", "val-0029-5")


def faces() -> torch.Tensor:
    """Drawn faces, float32 (3, 3, 256, 256) in [0, 1], whole grey levels; a fresh copy each time."""
    return _drawn().clone()


@cache
def _drawn() -> torch.Tensor:
    from medbench.suites.mini.render import render
    from medbench.suites.mini.splits import scene_of

    drawn = np.stack([render(*scene_of(sample)).image for sample in SAMPLES])
    return torch.from_numpy(drawn).permute(0, 3, 1, 2).float() / 255


def framed(height: int, width: int) -> torch.Tensor:
    """The first face in a picture (1, 3, height, width), its border drawn out to fill the shape."""
    side = min(height, width)
    face = F.interpolate(faces()[:1], size=(side, side), mode="bilinear", antialias=True)
    left, top = (width - side) // 2, (height - side) // 2
    return F.pad(face, (left, width - side - left, top, height - side - top), mode="replicate").clamp(0, 1)


def without_face() -> dict[str, torch.Tensor]:
    """Pictures (1, 3, 256, 256) that show no face."""
    noise = generator("conformance", "noise").random((1, 3, 256, 256), np.float32)
    return {
        "a black picture": torch.zeros(1, 3, 256, 256),
        "a grey picture": torch.full((1, 3, 256, 256), 0.5),
        "noise": torch.from_numpy(noise),
    }


def keys(count: int, name: str = "first") -> list[Key]:
    """One key per picture."""
    return [Key.from_names("conformance", name, index) for index in range(count)]


def protect(method: Method, images: torch.Tensor, with_keys: Sequence[Key] | None = None) -> torch.Tensor:
    """Run ``anonymize`` on ``images`` with no truth to lean on; keyed methods get ``with_keys``."""
    count = len(images)
    batch = Batch(images, tuple(f"conformance-{i}" for i in range(count)), pd.DataFrame(index=range(count)))
    if not method.card.keyed:
        return method.anonymize(batch)
    return method.anonymize(batch, keys(count) if with_keys is None else with_keys)


def eight_bit(images: torch.Tensor) -> torch.Tensor:
    """Round to whole grey levels: the only thing that a clinic holds."""
    return (images * 255).round() / 255
