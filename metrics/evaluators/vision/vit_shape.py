"""The shape of a vision transformer, read off its weights."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from math import isqrt

from torch import Tensor

from medbench.core import MedbenchError

#: Channels of one attention head in every published ViT and DINOv2.
HEAD = 64
_BLOCK = re.compile(r"blocks\.(\d+)\.")


@dataclass(frozen=True)
class VitShape:
    """Sizes and variants of a transformer.

    ``grid`` is the side, in patches, of the picture it was trained on; ``gated`` means SwiGLU in
    place of GELU; ``scaled`` layer scale, which DINOv2 has and ViT has not.
    """

    width: int
    depth: int
    patch: int
    grid: int
    hidden: int
    registers: int = 0
    gated: bool = False
    scaled: bool = False

    @property
    def heads(self) -> int:
        """Attention heads: no weight tells their number."""
        return max(1, self.width // HEAD)

    @property
    def offset(self) -> float:
        """What DINOv2 without registers adds to the grid when it interpolates (hub/backbones.py)."""
        return 0.1 if self.scaled and not self.registers else 0.0

    @classmethod
    def read(cls, state: Mapping[str, Tensor]) -> VitShape:
        """Read the shape off a state in the names of :mod:`medbench.metrics.evaluators.vision.vit_names`.

        Raises:
            MedbenchError: the weights are of no vision transformer.
        """
        try:
            width, _, patch, _ = state["patch_embed.proj.weight"].shape
            blocks = {int(found[1]) for name in state if (found := _BLOCK.match(name))}
            inner, hidden = (
                state["blocks.0.mlp.fc1.weight"].shape[0],
                state["blocks.0.mlp.fc2.weight"].shape[1],
            )
            registers = state["register_tokens"].shape[1] if "register_tokens" in state else 0
            grid = isqrt(state["pos_embed"].shape[1] - 1)
        except (KeyError, ValueError) as error:
            raise MedbenchError(f"these are no weights of a vision transformer (no {error})") from None
        scaled = "blocks.0.ls1.gamma" in state
        return cls(width, len(blocks), patch, grid, hidden, registers, inner == 2 * hidden, scaled)
