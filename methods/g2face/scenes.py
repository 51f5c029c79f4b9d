"""What training needs of each scene, read once: who is there, the geometry, the scene without anybody."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from medbench.methods.face_window import Window
from medbench.methods.g2face.losses import Scenes
from medbench.methods.networks.head_swap import head_swap
from medbench.methods.training.data import IndexStream
from medbench.methods.training.sketches import codes_of, halved

if TYPE_CHECKING:
    from medbench.methods.networks.sketch import Sketcher
    from medbench.methods.training.data import TrainingImages
    from medbench.methods.virtual_heads.pairs import Pairs

_CHUNK = 20


@torch.no_grad()
def prepare(
    file: Path, images: TrainingImages, pairs: Pairs, sketcher: Sketcher, count: int
) -> Mapping[str, Tensor]:
    """Read ``file``, or write it first.

    Returns:
        ``own`` (count, 64), ``scene`` (count, 22), ``empty`` uint8 (count, 3, 128, 128), and ``people``
        (persons, 64), the identity codes of the pairs' persons.
    """
    if not file.is_file():
        prior, parts = sketcher.prior, []
        for rows in np.array_split(np.arange(count), -(-count // _CHUNK)):
            pictures = halved(images.pixels[rows]).to(sketcher.device)
            own, scene = sketcher.encoder.encode(pictures)
            gone = prior(own, scene)[:, 3:]
            nobody = torch.zeros_like(gone).expand(-1, 4, -1, -1)
            empty = head_swap(pictures, nobody, gone, Window(0, 0, prior.SIDE))
            parts.append((prior.definite(own), scene, (empty * 255).round().byte()))
        own, scene, empty = (torch.cat(part).cpu().contiguous() for part in zip(*parts, strict=True))
        people = codes_of(pairs, sketcher, int(pairs.person.max()) + 1).cpu().contiguous()
        file.parent.mkdir(parents=True, exist_ok=True)
        save_file({"own": own, "scene": scene, "empty": empty, "people": people}, file)
    return load_file(file)


def batches(
    images: TrainingImages,
    pairs: Pairs,
    ready: Mapping[str, Tensor],
    size: int,
    device: str,
    seeds: tuple[str, ...],
) -> Callable[[int], Scenes]:
    """Scenes of a step, a pure function of the step."""
    stream = IndexStream(len(ready["own"]), size, seeds)

    def scenes(step: int) -> Scenes:
        rows = stream(step)
        which = stream.rng(step).integers(2, size=size)
        people = torch.from_numpy(pairs.person[rows, which])
        return Scenes(
            images=halved(images.pixels[rows]).to(device),
            wanted=halved(pairs.pixels[rows, which]).to(device),
            empty=ready["empty"][rows].to(device).float() / 255,
            own=ready["own"][rows].to(device),
            other=ready["people"][people].to(device),
            scene=ready["scene"][rows].to(device),
        )

    return scenes
