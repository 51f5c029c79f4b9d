"""The recogniser of the training losses: a compact face network. It never judges."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
import torch.nn.functional as F
from torch import nn

from medbench.methods.networks.frozen import read_weights

if TYPE_CHECKING:
    from pathlib import Path

    from torch import Tensor

#: The face of a 256 px image: (top, bottom, left, right) in pixels.
FACE = (40, 232, 32, 224)
INPUT_SIZE = 64
EMBEDDING = 128
_WIDTHS = (32, 64, 128, 192)


def face_crop(images: Tensor) -> Tensor:
    """Return the face (B, 3, 64, 64) of images (B, 3, 256, 256), by averaging 3x3 pixels; differentiable."""
    top, bottom, left, right = FACE
    return F.avg_pool2d(images[..., top:bottom, left:right], (bottom - top) // INPUT_SIZE)


class _Residual(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.BatchNorm2d(width),
            nn.Conv2d(width, width, 3, padding=1, bias=False),
            nn.BatchNorm2d(width),
            nn.PReLU(width),
            nn.Conv2d(width, width, 3, padding=1, bias=False),
            nn.BatchNorm2d(width),
        )

    def forward(self, x: Tensor) -> Tensor:
        return x + self.body(x)


class Recogniser(nn.Module):
    """Residual network (after ArcFace's IR blocks) from a 64 px face to a unit vector of 128 numbers."""

    def __init__(self) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        before = 3
        for width in _WIDTHS:
            layers += [
                nn.Conv2d(before, width, 3, stride=2, padding=1, bias=False),
                nn.BatchNorm2d(width),
                nn.PReLU(width),
                _Residual(width),
            ]
            before = width
        side = INPUT_SIZE // 2 ** len(_WIDTHS)
        self.trunk = nn.Sequential(*layers)
        self.head = nn.Sequential(
            nn.Flatten(),
            nn.Dropout(0.2),
            nn.Linear(before * side * side, EMBEDDING),
            nn.BatchNorm1d(EMBEDDING),
        )

    @classmethod
    def from_file(cls, path: Path) -> Recogniser:
        """Read ``recogniser.safetensors``; frozen.

        Raises:
            Unavailable: The file is missing or of another network.
        """
        return read_weights(cls(), path)

    def embed(self, images: Tensor) -> Tensor:
        """Map images (B, 3, 256, 256) in [0, 1] to unit vectors (B, 128)."""
        return self.embed_face(face_crop(images))

    def embed_face(self, faces: Tensor) -> Tensor:
        """Map faces (B, 3, 64, 64) in [0, 1] to unit vectors (B, 128)."""
        code = self.head(self.trunk(faces.contiguous(memory_format=torch.channels_last) * 2 - 1))
        return F.normalize(code.float(), dim=1)

    forward = embed


def least_like(who: Tensor, others: Tensor, numbers: Tensor) -> Tensor:
    """Pick one of ``others`` (N, 128) for each of ``who`` (B, 128) by its number (B,); an index (B,).

    Out of the quarter that is least like it: another face, not a cousin's.
    """
    likeness = who @ others.T
    few = max(len(others) // 4, 1)
    # In order of number, so that a rounding error in two nearly equal likenesses changes little.
    least = likeness.argsort(dim=1)[:, :few].sort(dim=1).values
    return least.gather(1, (numbers % few)[:, None])[:, 0]
