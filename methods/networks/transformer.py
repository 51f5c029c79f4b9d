"""Transformer blocks on tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch.nn.functional as F
from torch import nn

if TYPE_CHECKING:
    from torch import Tensor


class TransformerBlock(nn.Module):
    """Pre-norm block: attention, then a GELU perceptron, each on a residual.

    A condition, where there is one, sets scale and shift after each norm (FiLM); its weights start
    at zero, so that an untrained block ignores it.

    Args (of the constructor):
        width: Channels of a token.
        heads: Attention heads; divides ``width``.
        mlp: Width of the perceptron's hidden layer, in ``width``.
        cond: Width of the condition, None for none.
    """

    def __init__(self, width: int, heads: int, mlp: int = 4, cond: int | None = None) -> None:
        super().__init__()
        if width % heads:
            raise ValueError(f"{heads} heads do not divide {width} channels")
        self.heads = heads
        self.norm1 = nn.LayerNorm(width)
        self.norm2 = nn.LayerNorm(width)
        self.qkv = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)
        self.mlp = nn.Sequential(nn.Linear(width, mlp * width), nn.GELU(), nn.Linear(mlp * width, width))
        self.film = nn.Linear(cond, 4 * width) if cond else None
        if self.film is not None:
            nn.init.zeros_(self.film.weight)
            nn.init.zeros_(self.film.bias)

    def forward(self, tokens: Tensor, cond: Tensor | None = None) -> Tensor:
        """Map tokens (B, N, width), with a condition (B, cond) if built with one, to (B, N, width)."""
        first, second = self.norm1, self.norm2
        if self.film is None:
            tokens = tokens + self._attend(first(tokens))
            return tokens + self.mlp(second(tokens))
        if cond is None:
            raise ValueError("this block was built with a condition and needs one")
        scale1, shift1, scale2, shift2 = self.film(cond)[:, None].chunk(4, dim=-1)
        tokens = tokens + self._attend(first(tokens) * (1 + scale1) + shift1)
        return tokens + self.mlp(second(tokens) * (1 + scale2) + shift2)

    def _attend(self, tokens: Tensor) -> Tensor:
        batch, count, width = tokens.shape
        qkv = self.qkv(tokens).view(batch, count, 3, self.heads, width // self.heads)
        query, key, value = qkv.permute(2, 0, 3, 1, 4)
        mixed = F.scaled_dot_product_attention(query, key, value)
        return self.out(mixed.transpose(1, 2).reshape(batch, count, width))
