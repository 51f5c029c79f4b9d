"""Training scenes at 128 px: a picture, its sketches and true drawings on two virtual persons each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from medbench.methods.training.data import IndexStream

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from medbench.methods.networks.sketch import Sketcher
    from medbench.methods.training.data import TrainingImages
    from medbench.methods.virtual_heads.pairs import Pairs

_SIDE, _CHUNK = 128, 20


@dataclass(frozen=True)
class Scenes:
    """X (B, 3, 128, 128), and the same scenes on two virtual persons (2B, ...), row i and row B + i.

    ``sketches`` and ``wanted`` are pictures, ``heads`` (2B, 1, 128, 128) the drawn heads' shares,
    ``people`` (2B,) who they are.
    """

    images: Tensor
    sketches: Tensor
    wanted: Tensor
    heads: Tensor
    people: Tensor


@torch.no_grad()
def codes_of(pairs: Pairs, sketcher: Sketcher, people: int, each: int = 24) -> Tensor:
    """Identity codes (people, 64) of the pairs' persons: what the encoder says, over ``each`` pictures."""
    codes = []
    for person in range(people):
        shown = np.argwhere(pairs.person == person)[:each]
        rows, which = shown.T if len(shown) else np.zeros((2, 1), int)
        pictures = halved(pairs.pixels[rows, which]).to(sketcher.device)
        codes.append(sketcher.encoder.encode(pictures)[0].mean(0))
    return sketcher.prior.definite(torch.stack(codes))


def draw_sketches(
    file: Path, images: TrainingImages, pairs: Pairs, sketcher: Sketcher, codes: Tensor, count: int
) -> np.ndarray:
    """Sketch the first ``count`` scenes into ``file``, or find them there.

    Args:
        file: A ``.npy`` file.
        images: The train split.
        pairs: Whom to draw.
        sketcher: Draws.
        codes: Identity codes (people, 64) of the pairs' persons.
        count: How many scenes.

    Returns:
        uint8 (count, 2, 4, 128, 128), memory-mapped: RGB and the head's share.
    """
    if file.is_file():
        return np.load(file, mmap_mode="r")
    drawn = np.empty((count, 2, 4, _SIDE, _SIDE), np.uint8)
    for rows in np.array_split(np.arange(count), -(-count // _CHUNK)):
        pictures = halved(images.pixels[rows]).to(codes)
        for which, people in enumerate(pairs.person[rows].T):
            layers = torch.cat(sketcher(pictures, codes[torch.from_numpy(people)]), dim=1)
            drawn[rows, which] = (layers * 255).round().byte().cpu().numpy()
    file.parent.mkdir(parents=True, exist_ok=True)
    np.save(file, drawn)
    return drawn


def batches(
    images: TrainingImages, pairs: Pairs, sketches: np.ndarray, size: int, device: str, seeds: tuple[str, ...]
) -> Callable[[int], Scenes]:
    """Scenes of a step, a pure function of the step; half of them mirrored."""
    stream = IndexStream(len(sketches), size, seeds)

    def scenes(step: int) -> Scenes:
        rows = stream(step)
        turned = torch.from_numpy(stream.flips(step)).to(device)
        both, which = np.tile(rows, 2), np.repeat([0, 1], size)

        def mirrored(pictures: Tensor) -> Tensor:
            flags = turned.repeat(len(pictures) // size)
            return torch.where(flags[:, None, None, None], pictures.flip(-1), pictures)

        layers = torch.from_numpy(sketches[both, which]).to(device).float() / 255
        sketch, heads = mirrored(layers).split([3, 1], dim=1)
        return Scenes(
            images=mirrored(halved(images.pixels[rows]).to(device)),
            sketches=sketch,
            wanted=mirrored(halved(pairs.pixels[both, which]).to(device)),
            heads=heads,
            people=torch.from_numpy(pairs.person[both, which]).long().to(device),
        )

    return scenes


def halved(pixels: np.ndarray) -> Tensor:
    """uint8 pictures (N, 256, 256, 3) as float (N, 3, 128, 128) in [0, 1]."""
    whole = torch.from_numpy(np.ascontiguousarray(pixels)).permute(0, 3, 1, 2).float() / 255
    return F.avg_pool2d(whole, whole.shape[-1] // _SIDE)
