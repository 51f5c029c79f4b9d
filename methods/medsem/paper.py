"""MedSem-DeID at the paper's sizes (preset ``paper``): 512 x H/32 x W/32, for those with data and a GPU.

What the paper leaves open is settled so: stem 7x7, five stride-2 stages, six
pre-norm blocks of eight heads, P prepended as one token. Images are (B, 3, H, W) in [-1, 1].
"""

from __future__ import annotations

from itertools import pairwise

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from medbench.methods.networks.blocks import ResBlock
from medbench.methods.networks.transformer import TransformerBlock

WIDTH = 512
MEDICAL = 320
_STAGES = (64, 128, 256, 512, 512)


class PaperEncoder(nn.Module):
    """Image (B, 3, H, W) -> f_face (B, 512, H/32, W/32)."""

    def __init__(self) -> None:
        super().__init__()
        layers: list[nn.Module] = [nn.Conv2d(3, 64, 7, padding=3)]
        for before, after in zip((64, *_STAGES[:-1]), _STAGES, strict=True):
            layers += [nn.Conv2d(before, after, 3, stride=2, padding=1), ResBlock(after, after)]
        self.layers = nn.Sequential(*layers)

    def forward(self, images: Tensor) -> Tensor:
        """Run the stem and five stages."""
        return self.layers(images)


class PaperDecoder(nn.Module):
    """Mirror of the encoder: features (B, 512, h, w) -> image (B, 3, 32h, 32w) in [-1, 1]."""

    def __init__(self) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        widths = (WIDTH, *_STAGES[::-1][1:], 64)
        for before, after in pairwise(widths):
            layers += [
                ResBlock(before, before),
                nn.Upsample(scale_factor=2),
                nn.Conv2d(before, after, 3, padding=1),
            ]
        self.layers = nn.Sequential(*layers, nn.SiLU(), nn.Conv2d(64, 3, 7, padding=3), nn.Tanh())

    def forward(self, features: Tensor) -> Tensor:
        """Draw the image."""
        return self.layers(features)


class PasswordTransformer(nn.Module):
    """Six blocks over H/32 x W/32 tokens of 512 with P prepended; the password token is dropped."""

    def __init__(self, tokens: int, depth: int = 6, heads: int = 8) -> None:
        super().__init__()
        self.places = nn.Parameter(torch.randn(1, tokens, WIDTH) * 0.02)
        self.blocks = nn.ModuleList(TransformerBlock(WIDTH, heads=heads) for _ in range(depth))

    def forward(self, features: Tensor, password: Tensor) -> Tensor:
        """``features`` (B, 512, h, w), ``password`` (B, 512) -> features shaped as given."""
        tokens = features.flatten(2).transpose(1, 2) + self.places
        tokens = torch.cat([password[:, None], tokens], dim=1)
        for block in self.blocks:
            tokens = block(tokens)
        return tokens[:, 1:].transpose(1, 2).reshape(features.shape)


class MedSemPaper(nn.Module):
    """The paper's network for square images of ``side`` pixels (a multiple of 32)."""

    def __init__(self, side: int = 256) -> None:
        super().__init__()
        tokens = (side // 32) ** 2
        self.encoder = PaperEncoder()
        self.enter = nn.Conv2d(WIDTH + MEDICAL, WIDTH, 1)
        self.fusion = nn.Sequential(ResBlock(WIDTH, WIDTH), ResBlock(WIDTH, WIDTH), ResBlock(WIDTH, WIDTH))
        self.encryptor = PasswordTransformer(tokens)
        self.decryptor = PasswordTransformer(tokens)
        self.decoder = PaperDecoder()

    def features(self, images: Tensor, medical: Tensor) -> Tensor:
        """f: (B, 512, H/32, W/32) from X and f_med (B, 320, H/16, W/16)."""
        pooled = F.avg_pool2d(medical, 2)
        return self.fusion(self.enter(torch.cat([self.encoder(images), pooled], dim=1)))

    def encrypt(self, images: Tensor, medical: Tensor, password: Tensor) -> tuple[Tensor, Tensor]:
        """X, f_med, P -> (X_enc, f_enc)."""
        hidden = self.encryptor(self.features(images, medical), password)
        return self.decoder(hidden), hidden

    def decrypt(self, hidden: Tensor, password: Tensor) -> Tensor:
        """f_enc (from the feature, or re-encoded from the 8-bit picture), P -> X-hat or X_wrong."""
        return self.decoder(self.decryptor(hidden, password))
