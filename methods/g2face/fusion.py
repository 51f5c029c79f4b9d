"""Image features fused into the style prior by learned masks, at each of its resolutions."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from medbench.methods.networks.blocks import Down
from medbench.methods.networks.frozen import read_weights, write_weights
from medbench.methods.networks.style_prior import StylePrior

WEIGHTS_NAME = "mini.safetensors"
#: Channels of the image encoder at 128, 64, 32 and 16 px.
_WIDTHS = (16, 32, 48, 64)
#: Channels of the prior after the last convolution at 16, 32, 64 and 128 px.
_PRIOR = (128, 96, 48, 16)
#: At the start the masks leave this logit's share to the generator.
_OWN = 4.0


class Fusion(nn.Module):
    """Image encoder and masks: ``mask * generator + (1 - mask) * image`` (G2Face, 1x1 conv + IN + sigmoid).

    The generator is the shared style prior, which stays frozen and outside of this module's state.
    """

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Conv2d(3, _WIDTHS[0], 3, padding=1)
        self.downs = nn.ModuleList(Down(a, b) for a, b in pairwise(_WIDTHS))
        sizes = list(zip(reversed(_WIDTHS), _PRIOR, strict=True))
        self.to_prior = nn.ModuleList(nn.Conv2d(own, width, 3, padding=1) for own, width in sizes)
        self.masks = nn.ModuleList(_mask(own + width, width) for own, width in sizes)

    @classmethod
    def from_file(cls, file: Path) -> Fusion:
        """Read what :meth:`save` wrote; Unavailable where the file is missing or of another network."""
        return read_weights(cls(), file, "g2face")

    def save(self, file: Path) -> Path:
        """Write fp16 safetensors."""
        return write_weights(self, file)

    def features(self, pictures: Tensor) -> list[Tensor]:
        """Features of pictures (B, 3, 128, 128) in [0, 1] at 16, 32, 64 and 128 px."""
        levels = [F.leaky_relu(self.stem(pictures * 2 - 1), 0.2)]
        for down in self.downs:
            levels.append(F.leaky_relu(down(levels[-1]), 0.2))
        return levels[::-1]

    def forward(self, prior: StylePrior, styles: Tensor, pictures: Tensor) -> Tensor:
        """Heads (B, 4, 128, 128) in [0, 1], RGB and share, of ``styles`` (B, LAYERS, STYLE)."""
        hooks = [
            prior.convs[2 * level + 1].register_forward_hook(partial(self._fuse, level, seen))
            for level, seen in enumerate(self.features(pictures))
        ]
        try:
            return prior.draw(styles)
        finally:
            for hook in hooks:
                hook.remove()

    def _fuse(self, level: int, seen: Tensor, module: nn.Module, args: Sequence[Any], own: Tensor) -> Tensor:
        mask = self.masks[level](torch.cat([own, seen], dim=1))
        return torch.lerp(self.to_prior[level](seen), own, mask)


def _mask(channels: int, width: int) -> nn.Module:
    norm = nn.InstanceNorm2d(width, affine=True)
    nn.init.constant_(norm.weight, 0.5)
    nn.init.constant_(norm.bias, _OWN)
    return nn.Sequential(nn.Conv2d(channels, width, 1), norm, nn.Sigmoid())
