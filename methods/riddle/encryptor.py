"""The latent encryptor: layer tokens meet password tokens, in three groups of layers."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from medbench.methods.networks.style_prior import StylePrior

#: Layers per group (coarse, middle, fine), as [4, 4, 6] of StyleGAN's 14.
GROUPS = (2, 3, 3)
_HEADS, _HIDDEN, _DROPOUT = 4, 256, 0.1
#: Where the straight way starts from: k - p, which undoes itself.
_KEEP, _TAKE = -1.0, 0.9


class Encryptor(nn.Module):
    """The paper's transformer mapper. The same network encrypts and decrypts.

    Each token of W+ goes through a linear layer of its own kind (latent, password); positions are
    added to the latent's tokens; per group one post-norm decoder layer attends to itself, then to
    the password. What comes out is read as a person's code and added to the straight way from code
    and password. Call ``eval()`` before use: dropout left on, as in the shipped script, makes every
    picture another one.
    """

    def __init__(self, width: int = StylePrior.STYLE, codes: int = StylePrior.IDENTITY) -> None:
        super().__init__()
        self.latent, self.password = nn.Linear(width, width), nn.Linear(width, width)
        self.place = nn.Parameter(0.02 * torch.randn(1, StylePrior.LAYERS, width))
        self.groups = nn.ModuleList(
            nn.TransformerDecoderLayer(width, _HEADS, _HIDDEN, _DROPOUT, batch_first=True) for _ in GROUPS
        )
        self.out = nn.Linear(StylePrior.LAYERS * width, codes)
        nn.init.zeros_(self.out.weight)
        nn.init.zeros_(self.out.bias)
        self.keep = nn.Parameter(torch.full((codes,), _KEEP))
        self.take = nn.Parameter(torch.full((codes,), _TAKE))

    def tokens(self, latent: Tensor, password: Tensor) -> Tensor:
        """Standardised W+ (B, LAYERS, width), and the password's, to tokens of the same shape."""
        parts = (self.latent(latent) + self.place).split(GROUPS, dim=1)
        keys = self.password(password).split(GROUPS, dim=1)
        return torch.cat([g(part, key) for g, part, key in zip(self.groups, parts, keys, strict=True)], dim=1)

    def forward(self, code: Tensor, key: Tensor, latent: Tensor, password: Tensor) -> Tensor:
        """Codes (B, codes) of a person and of a password, and their W+, to another person's code."""
        bent: Tensor = self.out(self.tokens(latent, password).flatten(1))
        return self.keep * code + self.take * key + bent
