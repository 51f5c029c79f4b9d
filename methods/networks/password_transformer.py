"""Feature maps changed by transformer blocks that see a password as one more token."""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import Tensor, nn

from medbench.methods.networks.transformer import TransformerBlock

PASSWORD = 512


class PasswordTransformer(nn.Module):
    """Blocks over ``places`` tokens of 512 with P, as it is, prepended; the password token is dropped."""

    def __init__(self, places: int, depth: int = 6, heads: int = 8) -> None:
        super().__init__()
        self.places = nn.Parameter(torch.randn(1, places, PASSWORD) * 0.02)
        self.blocks = nn.ModuleList(TransformerBlock(PASSWORD, heads=heads) for _ in range(depth))

    def forward(self, features: Tensor, password: Tensor) -> Tensor:
        """``features`` (B, 512, h, w), ``password`` (B, 512) -> features shaped as given."""
        return _changed(features, self.places, password, self.blocks)


class IdentityTransformer(nn.Module):
    """Likewise over narrower tokens: P is brought to their ``width``, and a person's token added to it."""

    def __init__(self, width: int, depth: int, people: int, places: int) -> None:
        super().__init__()
        self.password = nn.Linear(PASSWORD, width)
        self.person = nn.Embedding(people, width)
        self.places = nn.Parameter(torch.randn(1, places, width) * 0.02)
        self.blocks = nn.ModuleList(TransformerBlock(width, heads=4) for _ in range(depth))

    def forward(self, features: Tensor, password: Tensor, person: Tensor) -> Tensor:
        """``features`` (B, width, h, w), P (B, 512) and ``person`` (B,) -> features shaped as given."""
        token = self.password(password) * PASSWORD**-0.5 + self.person(person)
        return _changed(features, self.places, token, self.blocks).contiguous()


def _changed(features: Tensor, places: Tensor, token: Tensor, blocks: Iterable[nn.Module]) -> Tensor:
    tokens = features.flatten(2).transpose(1, 2) + places
    tokens = torch.cat([token[:, None], tokens], dim=1)
    for block in blocks:
        tokens = block(tokens)
    return tokens[:, 1:].transpose(1, 2).reshape(features.shape)
