"""Training batches of rendered pairs, with what the renderer knows of their heads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from medbench.methods.training.data import IndexStream, TrainingImages
from medbench.methods.virtual_heads.outline import outline
from medbench.methods.virtual_heads.pairs import Pairs


@dataclass(frozen=True)
class Scenes:
    """A batch: X, its picture as person b (``wanted``) and as person c (``other``), and their truths.

    ``own``, ``eyes`` and ``other_eyes`` (B, 2, 2) are the eye centres (x, y) on X, b and c; ``uv`` and
    ``outline`` are b's maps as the decoder has them.
    """

    images: Tensor
    wanted: Tensor
    other: Tensor
    person: Tensor
    other_person: Tensor
    uv: Tensor
    head: Tensor
    outline: Tensor
    own: Tensor
    eyes: Tensor
    other_eyes: Tensor


def batches(
    images: TrainingImages, pairs: Pairs, size: int, device: str, seeds: tuple[str, ...]
) -> Callable[[int], Scenes]:
    """Scenes of a step, a pure function of the step."""
    stream = IndexStream(len(pairs.person), batch=size, seeds=seeds)

    def scenes(step: int) -> Scenes:
        rows = stream(step)
        first = stream.rng(step).integers(2, size=len(rows))

        def to(array: np.ndarray) -> Tensor:
            return torch.from_numpy(np.ascontiguousarray(array).astype(np.float32)).to(device)

        def picture(which: np.ndarray) -> Tensor:
            pixels = to(pairs.pixels[rows, which]).div_(255).permute(0, 3, 1, 2)
            return pixels.contiguous(memory_format=torch.channels_last)

        return Scenes(
            images=images.tensor(rows, device),
            wanted=picture(first),
            other=picture(1 - first),
            person=to(pairs.person[rows, first]).long(),
            other_person=to(pairs.person[rows, 1 - first]).long(),
            uv=to(pairs.uv[rows, first]),
            head=to(pairs.head[rows, first])[:, None] / 255,
            outline=to(outline(pairs.head[rows, first]))[:, None],
            own=to(pairs.own[rows]),
            eyes=to(pairs.eyes[rows, first]),
            other_eyes=to(pairs.eyes[rows, 1 - first]),
        )

    return scenes
