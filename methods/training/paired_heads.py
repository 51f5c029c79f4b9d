"""Rendered pairs as heads for methods on the style prior: a scene, and two virtual persons in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from medbench.methods.networks.placed_head import PlacedHeads
from medbench.methods.networks.style_encoder import StyleEncoder
from medbench.methods.networks.style_prior import StylePrior
from medbench.methods.training.data import IndexStream, TrainingImages
from medbench.methods.virtual_heads.pairs import Pairs
from medbench.methods.virtual_heads.people import PEOPLE
from medbench.suites.mini.splits import scene_of

#: Every so many-th picture says where eyes lie; so many pictures say who a virtual person is.
_EVERY, _PICTURES = 3, 24


@dataclass(frozen=True)
class Scenes:
    """A batch: X, its scene's head as person b (``wanted``) and as person c (``other``).

    Heads are (B, 4, 128, 128), RGB and share; ``code`` and ``other_code`` (B, 64) say who they are;
    ``own``, ``eyes``, ``other_eyes`` (B, 2, 2) are the eye centres of X, b and c.
    """

    images: Tensor
    wanted: Tensor
    other: Tensor
    code: Tensor
    other_code: Tensor
    own: Tensor
    eyes: Tensor
    other_eyes: Tensor


def batches(
    images: TrainingImages, pairs: Pairs, codes: Tensor, size: int, device: str, seeds: tuple[str, ...]
) -> Callable[[int], Scenes]:
    """Scenes of a step, a pure function of the step; ``codes`` (PEOPLE, 64) of the virtual persons."""
    stream = IndexStream(len(pairs.person), batch=size, seeds=seeds)

    def scenes(step: int) -> Scenes:
        rows = stream(step)
        first = stream.rng(step).integers(2, size=len(rows))

        def of(column: np.ndarray, which: np.ndarray) -> Tensor:
            return torch.from_numpy(np.ascontiguousarray(column[rows, which])).to(device)

        def head(which: np.ndarray) -> Tensor:
            colours = F.avg_pool2d(of(pairs.pixels, which).permute(0, 3, 1, 2).float().div_(255), 2)
            share = of(pairs.head, which)[:, None].float().div_(255)
            return torch.cat([colours, F.interpolate(share, scale_factor=2.0, mode="bilinear")], dim=1)

        return Scenes(
            images=images.tensor(rows, device),
            wanted=head(first),
            other=head(1 - first),
            code=codes[of(pairs.person, first)],
            other_code=codes[of(pairs.person, 1 - first)],
            own=torch.from_numpy(pairs.own[rows]).to(device),
            eyes=of(pairs.eyes, first).float(),
            other_eyes=of(pairs.eyes, 1 - first).float(),
        )

    return scenes


def fitted_heads(images: TrainingImages, pairs: Pairs) -> tuple[PlacedHeads, Tensor]:
    """The style prior with its map of eye centres, and the codes (PEOPLE, 64) of the virtual persons."""
    heads = PlacedHeads(StylePrior.from_file(), StyleEncoder.from_file())
    shown = [scene_of(name) for name in images.truth["id"][::_EVERY]]
    who = torch.stack([heads.prior.identity_of(person) for person, _ in shown])
    where = torch.stack([heads.prior.scene_of(*pair) for pair in shown])
    heads.fit_eyes(who, where, torch.from_numpy(pairs.own[::_EVERY]))
    return heads, torch.stack([_seen(heads, pairs, person) for person in range(PEOPLE)])


@torch.no_grad()
def _seen(heads: PlacedHeads, pairs: Pairs, person: int) -> Tensor:
    """The code of a virtual person, as the encoder reads it from their first pictures."""
    shown = np.argwhere(pairs.person == person)[:_PICTURES]
    pictures = torch.from_numpy(np.stack([pairs.pixels[row, which] for row, which in shown]))
    identity, _ = heads.read(pictures.permute(0, 3, 1, 2).float() / 255)
    return heads.prior.definite(identity.mean(0, keepdim=True))[0]
