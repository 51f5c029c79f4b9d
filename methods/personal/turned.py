"""What the encoder is trained on beside patients' pictures: heads with turned codes, laid into them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from medbench.keys import Key
from medbench.methods.networks.style_prior import StylePrior
from medbench.methods.personal.model import UNITS, Disentangler, composite
from medbench.methods.personal.rotation import rest, rotated
from medbench.methods.training.data import TrainingImages
from medbench.methods.training.drawn_once import CHUNK, drawn_once
from medbench.suites.mini.splits import scene_of

#: Angles that training turns codes by, the presets' among them.
ANGLES = (0.0, 45.0, 75.0, 105.0)


@dataclass(frozen=True)
class Turned:
    """Row for row: ``faces`` uint8 (N, 128, 128, 3) with heads of ``units`` (N, UNITS), ``scenes`` (N, 22).

    ``patients`` (N, UNITS) are the units that were turned.
    """

    faces: np.ndarray
    units: np.ndarray
    scenes: np.ndarray
    patients: np.ndarray


def small(images: TrainingImages, rows: np.ndarray) -> Tensor:
    """Pictures of the split at the prior's size: (B, 3, 128, 128)."""
    return F.avg_pool2d(images.tensor(rows), images.pixels.shape[1] // StylePrior.SIDE)


def truth(prior: StylePrior, ids: list[str]) -> tuple[Tensor, Tensor]:
    """Identity codes (N, 64) and scenes (N, 22) of drawn pictures."""
    drawn = [scene_of(name) for name in ids]
    identity = torch.stack([prior.identity_of(who) for who, _ in drawn])
    return identity, torch.stack([prior.scene_of(who, scene) for who, scene in drawn])


@torch.no_grad()
def find_axes(reads: Disentangler, images: TrainingImages, rows: np.ndarray) -> None:
    """Set ``axes`` to the directions in which what is read from pictures varies most, and ``size``."""
    codes = read_all(reads, images, rows)
    _, vectors = torch.linalg.eigh(torch.cov(codes.T))
    reads.axes.copy_(vectors.flip(1)[:, :UNITS].T)
    set_size(reads, codes)


def set_size(reads: Disentangler, codes: Tensor) -> None:
    """Set ``size`` to the spread of identity codes (N, 64) along the axes."""
    reads.size.copy_((codes @ reads.axes.T).square().mean(0).sqrt())


@torch.no_grad()
def set_gain(reads: Disentangler, turned: Turned) -> None:
    """Set ``gain`` so that what is read from drawn heads, over it, is the best guess of what was drawn."""
    faces = torch.from_numpy(turned.faces).permute(0, 3, 1, 2)
    read = torch.cat([reads.encoder.encode(part.float() / 255)[0] for part in faces.split(CHUNK)])
    read = read @ reads.axes.T
    slope = (read * torch.from_numpy(turned.units)).mean(0) / read.square().mean(0)
    reads.gain.copy_(1 / slope.clamp(min=0.1))


@torch.no_grad()
def read_all(reads: Disentangler, images: TrainingImages, rows: np.ndarray) -> Tensor:
    """Identity codes (N, 64) of pictures."""
    chunks = np.array_split(rows, max(1, len(rows) // CHUNK))
    return torch.cat([reads.encoder.encode(small(images, chunk))[0] for chunk in chunks])


@torch.no_grad()
def draw_turned(
    prior: StylePrior, reads: Disentangler, images: TrainingImages, rows: np.ndarray, file: Path, seed: str
) -> Turned:
    """Draw the pictures of ``rows`` with their codes turned, or find them in ``file`` (.npz)."""

    def draw(chunk: np.ndarray) -> list[np.ndarray]:
        pictures = small(images, chunk)
        seen = reads.patient(pictures)
        turned, aside = turn_some(seen.units, chunk, seed)
        new = prior(reads.virtual(turned, aside), seen.scene)
        drawn = composite(pictures, new, prior(seen.identity, seen.scene))
        pixels = (drawn * 255).round().to(torch.uint8).permute(0, 2, 3, 1)
        return [part.numpy() for part in (pixels, turned, seen.scene, seen.units)]

    return Turned(*drawn_once(file, rows, draw))


def turn_some(units: Tensor, names: np.ndarray, seed: str) -> tuple[Tensor, Tensor]:
    """Rows of ``units`` turned, each by a key and an angle of its own, and what lies beside them."""
    keys = [Key.from_names("personal training", seed, int(name)) for name in names]
    angles = [ANGLES[place % len(ANGLES)] for place in range(len(names))]
    parts = list(zip(units, keys, angles, strict=True))
    turned = torch.cat([rotated(row[None], [key], angle) for row, key, angle in parts])
    return turned, torch.cat([rest(key, StylePrior.IDENTITY, angle) for _, key, angle in parts])
