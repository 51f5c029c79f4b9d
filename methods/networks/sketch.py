"""Another person's head in a picture's scene, as the style prior draws it: a first sketch for methods."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from medbench.methods.face_window import Window
from medbench.methods.networks.head_swap import head_swap
from medbench.methods.networks.style_encoder import StyleEncoder
from medbench.methods.networks.style_prior import StylePrior

if TYPE_CHECKING:
    from torch import Tensor


class Sketcher:
    """The shared prior and its encoder, frozen; pictures are (B, 3, 128, 128) in [0, 1]."""

    def __init__(self, prior: StylePrior, encoder: StyleEncoder, device: str = "cpu") -> None:
        self.prior, self.encoder = prior.to(device).eval(), encoder.to(device).eval()
        self.device = device

    @classmethod
    def from_files(cls, device: str = "cpu") -> Sketcher:
        """Read the shared weights; Unavailable where they are missing."""
        return cls(StylePrior.from_file(), StyleEncoder.from_file(), device)

    @torch.no_grad()
    def __call__(self, pictures: Tensor, codes: Tensor, tints: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Draw persons of codes (B, 64) into pictures.

        Args:
            pictures: The scenes.
            codes: Who is to be drawn.
            tints: Gains (B, 3) of the head's red, green and blue, 1 if None.

        Returns:
            Pictures (B, 3, 128, 128), and the drawn heads' shares (B, 1, 128, 128).
        """
        own, scene = self.encoder.encode(pictures)
        heads, gone = self.prior(codes, scene), self.prior(own, scene)[:, 3:]
        if tints is not None:
            heads = torch.cat([(heads[:, :3] * tints[:, :, None, None]).clamp(0, 1), heads[:, 3:]], dim=1)
        return head_swap(pictures, heads, gone, Window(0, 0, self.prior.SIDE)), heads[:, 3:]
