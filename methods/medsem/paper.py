"""MedSem-DeID at the paper's sizes (preset ``paper``): 512 x H/32 x W/32, for those with data and a GPU.

What the paper leaves open is settled so: stem 7x7, five stride-2 stages, six
pre-norm blocks of eight heads, P prepended as one token. Images are (B, 3, H, W) in [-1, 1].
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from medbench.methods.networks.blocks import ResBlock
from medbench.methods.networks.password_transformer import PasswordTransformer
from medbench.methods.networks.strided_coder import StridedDecoder, StridedEncoder

WIDTH = 512
MEDICAL = 320
_STAGES = (64, 128, 256, 512, 512)


class MedSemPaper(nn.Module):
    """The paper's network for square images of ``side`` pixels (a multiple of 32)."""

    def __init__(self, side: int = 256) -> None:
        super().__init__()
        tokens = (side // 32) ** 2
        self.encoder = StridedEncoder(_STAGES)
        self.enter = nn.Conv2d(WIDTH + MEDICAL, WIDTH, 1)
        self.fusion = nn.Sequential(ResBlock(WIDTH, WIDTH), ResBlock(WIDTH, WIDTH), ResBlock(WIDTH, WIDTH))
        self.encryptor = PasswordTransformer(tokens)
        self.decryptor = PasswordTransformer(tokens)
        self.decoder = StridedDecoder(_STAGES)

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
