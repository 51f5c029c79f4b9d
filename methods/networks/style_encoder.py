"""Reads person and scene from a picture: the inverse of the style prior, up to what it cannot draw."""

from __future__ import annotations

import math
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from medbench.methods.networks.style_file import WEIGHTS, read_part
from medbench.methods.networks.style_prior import StylePrior

#: Points that bring a face into place: eyes, nose, corners of the mouth; x and y each.
POINTS = 5
#: Directions of the edges that are counted, and pixels per cell of the whole face and of an eye.
_EDGES, _CELL, _EYE_CELL = 8, 8, 2
#: Where the eyes lie in a face that was brought into place, (left, right) of both, then top and bottom.
_EYES, _EYE_ROWS = ((38, 62), (66, 90)), (44, 60)
_COARSE = (3 + _EDGES) * (StylePrior.SIDE // _CELL) ** 2
_OUT = StylePrior.IDENTITY + StylePrior.SCENE


def _eye_count() -> int:
    rows = _EYE_ROWS[1] - _EYE_ROWS[0]
    columns = _EYES[0][1] - _EYES[0][0]
    return 2 * (3 * rows * columns // _EYE_CELL**2 + _EDGES * rows * columns // (2 * _EYE_CELL) ** 2)


FEATURES = _COARSE + _eye_count() + 2 * POINTS


class StyleEncoder(nn.Module):
    """Pictures framed as mema-mini's -> identity code and scene.

    Two linear readers on colours and edge directions in cells: the first finds five points, by which
    the face is brought into place; the second reads the face in its place, the eyes at a finer grain.
    """

    canonical: Tensor
    directions: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.place = nn.Linear(_COARSE, 2 * POINTS)
        self.read = nn.Linear(FEATURES, _OUT)
        # Mean points, in [-1, 1]: (POINTS, 2).
        self.register_buffer("canonical", torch.rand(POINTS, 2) - 0.5)
        self.register_buffer("directions", _directions(), persistent=False)

    @classmethod
    def from_file(cls, path: Path = WEIGHTS) -> StyleEncoder:
        """Read the trained encoder; frozen.

        Raises:
            Unavailable: The file is missing or of another network.
        """
        return read_part(cls(), path, "encoder")

    def encode(self, images: Tensor) -> tuple[Tensor, Tensor]:
        """Pictures (B, 3, 128, 128) in [0, 1] to identity codes (B, IDENTITY) and scenes (B, SCENE)."""
        read = self.read(self.features(images, self.points(images)))
        return read[:, : StylePrior.IDENTITY], read[:, StylePrior.IDENTITY :]

    forward = encode

    def points(self, images: Tensor) -> Tensor:
        """Eyes, nose and corners of the mouth (B, POINTS, 2), x and y in [-1, 1]."""
        return self.place(self.coarse(images)).view(-1, POINTS, 2)

    def coarse(self, images: Tensor) -> Tensor:
        """Colours and edges of 16 x 16 cells, (B, ...) flat."""
        cells = F.avg_pool2d(torch.cat([images, self._edges(images)], dim=1), _CELL)
        return cells.flatten(1)

    def features(self, images: Tensor, points: Tensor) -> Tensor:
        """What the second reader sees, (B, FEATURES), of pictures and their points."""
        face = self.in_place(images, points)
        parts = [self.coarse(face), points.flatten(1)]
        edges = self._edges(face)
        for left, right in _EYES:
            eye = (..., slice(*_EYE_ROWS), slice(left, right))
            parts.append(F.avg_pool2d(face[eye], _EYE_CELL).flatten(1))
            parts.append(F.avg_pool2d(edges[eye], 2 * _EYE_CELL).flatten(1))
        return torch.cat(parts, dim=1)

    def in_place(self, images: Tensor, points: Tensor) -> Tensor:
        """Pictures moved so that ``points`` come to lie on the mean ones: the nearest affine map."""
        ones = torch.ones_like(self.canonical[:, :1])
        inverse = torch.linalg.pinv(torch.cat([self.canonical, ones], dim=1))
        affine = (inverse @ points).transpose(1, 2)
        grid = F.affine_grid(affine, list(images.shape), align_corners=False)
        return F.grid_sample(images, grid, padding_mode="border", align_corners=False)

    def _edges(self, images: Tensor) -> Tensor:
        """Strength of edges in each of 8 directions (B, 8, H, W), 1 on average."""
        grey = images.mean(1, keepdim=True)
        edges = F.relu(F.conv2d(F.pad(grey, (1, 1, 1, 1), mode="replicate"), self.directions))
        return (edges / (edges.mean((1, 2, 3), keepdim=True) + 1e-4)).clamp(max=12) / 8


def _directions() -> Tensor:
    across = torch.tensor([[-1.0, 0, 1], [-2, 0, 2], [-1, 0, 1]]) / 8
    angles = [2 * math.pi * k / _EDGES for k in range(_EDGES)]
    return torch.stack([math.cos(a) * across + math.sin(a) * across.T for a in angles])[:, None]
