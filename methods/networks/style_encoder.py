"""Reads person and scene from a picture: the inverse of the style prior, up to what it cannot draw."""

from __future__ import annotations

from pathlib import Path

import torch.nn.functional as F
from torch import Tensor, nn

from medbench.methods.networks.blocks import ResBlock
from medbench.methods.networks.style_file import WEIGHTS, read_part
from medbench.methods.networks.style_prior import StylePrior

_WIDTHS = (32, 64, 96, 128, 160)
_HIDDEN = 192


class StyleEncoder(nn.Module):
    """Pictures framed as mema-mini's -> identity code and scene."""

    def __init__(self) -> None:
        super().__init__()
        before = 3
        layers: list[nn.Module] = []
        for width in _WIDTHS:
            layers += [nn.Conv2d(before, width, 3, stride=2, padding=1), nn.SiLU()]
            before = width
        layers.insert(6, ResBlock(_WIDTHS[2]))
        self.trunk = nn.Sequential(*layers)
        side = StylePrior.SIDE // 2 ** len(_WIDTHS)
        self.hidden = nn.Linear(before * side * side, _HIDDEN)
        self.identity = nn.Linear(_HIDDEN, StylePrior.IDENTITY)
        self.scene = nn.Linear(_HIDDEN, StylePrior.SCENE)

    @classmethod
    def from_file(cls, path: Path = WEIGHTS) -> StyleEncoder:
        """Read the trained encoder; frozen.

        Raises:
            Unavailable: The file is missing or of another network.
        """
        return read_part(cls(), path, "encoder")

    def encode(self, images: Tensor) -> tuple[Tensor, Tensor]:
        """Pictures (B, 3, 128, 128) in [0, 1] to identity codes (B, IDENTITY) and scenes (B, SCENE)."""
        code = F.silu(self.hidden(self.trunk(images * 2 - 1).flatten(1)))
        return self.identity(code), self.scene(code)

    forward = encode
