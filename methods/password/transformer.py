"""The face identity transformer T(picture, password): one network for both directions."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import torch
from torch import Tensor, nn

from medbench.methods.networks.frozen import read_weights, write_weights
from medbench.methods.networks.lattice import analyse, compose
from medbench.methods.networks.style_prior import StylePrior
from medbench.methods.password.bits import PEOPLE
from medbench.methods.password.painter import Painter
from medbench.methods.password.secret import Secret

WEIGHTS_NAME = "mini.safetensors"
#: The drawn face keeps this far from 0 and 1, so that the hidden numbers do not clip.
_HEADROOM = 10 / 255


class Transformed(NamedTuple):
    """``picture`` (B, 3, 128, 128) in [0, 1], and what it was mixed from.

    ``drawn`` is the other face with the input's code in it, ``found`` the picture whose code was
    read, ``opened`` (B,) its share in ``picture``, near 0 or 1.
    """

    picture: Tensor
    drawn: Tensor
    found: Tensor
    opened: Tensor


class FaceIdentityTransformer(nn.Module):
    """T(X, p) is another face; T(T(X, p), -p) is X; T(T(X, p), q) is a third face."""

    people: Tensor

    def __init__(self) -> None:
        super().__init__()
        #: The style prior's identity codes of the virtual persons.
        self.register_buffer("people", torch.zeros(PEOPLE, StylePrior.IDENTITY))
        self.painter = Painter()
        self.secret = Secret()

    @classmethod
    def from_file(cls, file: Path) -> FaceIdentityTransformer:
        """Read what :meth:`save` wrote; Unavailable where the file is missing or of another network."""
        return read_weights(cls(), file, "password")

    def save(self, file: Path) -> Path:
        """Write fp16 safetensors."""
        return write_weights(self, file)

    def forward(self, pictures: Tensor, sketches: Tensor, bits: Tensor) -> Transformed:
        """Transform pictures (B, 3, 128, 128) in [0, 1] under passwords (B, 16) of -1 and 1.

        ``sketches`` show the passwords' persons in the pictures, as the style prior draws them.
        """
        native = pictures.device.type == "cuda" or torch.ops.mkldnn._is_mkldnn_bf16_supported()
        with torch.autocast(pictures.device.type, torch.bfloat16, enabled=self.training and bool(native)):
            painted = self.painter(pictures, sketches, bits)
        painted = painted.float().clamp(_HEADROOM, 1 - _HEADROOM)
        drawn = compose(analyse(painted)[0], self.secret.write(pictures, bits)).clamp(0, 1)
        found, mark = self.secret.read(pictures, bits)
        opened = self.secret.opens(mark)
        share = opened[:, None, None, None]
        return Transformed(torch.lerp(drawn, found.clamp(0, 1), share), drawn, found, opened)
