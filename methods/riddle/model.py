"""RiDDLE's parts together: style prior, encoder into W+, latent encryptor."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from medbench.methods.networks.frozen import read_weights
from medbench.methods.networks.style_encoder import StyleEncoder
from medbench.methods.networks.style_prior import StylePrior
from medbench.methods.riddle.encryptor import Encryptor

if TYPE_CHECKING:
    from collections.abc import Sequence

    from medbench.keys import Key


class Core(nn.Module):
    """What is trained: the encryptor, with mean and size of the styles that it sees standardised."""

    size: Tensor
    mean: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.encryptor = Encryptor()
        self.register_buffer("mean", torch.zeros(StylePrior.LAYERS, StylePrior.STYLE))
        self.register_buffer("size", torch.ones(StylePrior.LAYERS, StylePrior.STYLE))


class Riddle(nn.Module):
    """Encrypts and decrypts the person in W+; the scene's summand of W+ is left as it is."""

    def __init__(self, prior: StylePrior, encoder: StyleEncoder, core: Core) -> None:
        super().__init__()
        self.prior, self.encoder, self.core = prior, encoder, core

    @classmethod
    def from_file(cls, path: Path) -> Riddle:
        """The trained parts, frozen; Unavailable where a file is missing or of another network."""
        core = read_weights(Core(), path, "riddle")
        return cls(StylePrior.from_file(), StyleEncoder.from_file(), core)

    def person(self, codes: Tensor) -> Tensor:
        """The standardised summand of W+ (B, LAYERS, STYLE) that identity codes (B, IDENTITY) stand for."""
        return (self.prior.person_styles(codes) - self.core.mean) / self.core.size

    def passwords(self, keys: Sequence[Key]) -> Tensor:
        """Each key's normal draw (B, IDENTITY): a person who is nobody, as the prior's mapping takes it."""
        return self.prior.sample(keys)

    def crypt(self, codes: Tensor, passwords: Tensor) -> Tensor:
        """Encrypt, or decrypt: codes (B, IDENTITY) of another person, or of the first one again."""
        made: Tensor = self.core.encryptor(codes, passwords, self.person(codes), self.person(passwords))
        return made
