"""The carried code as training meets it: read back with its error, or sealed away from all."""

from __future__ import annotations

import torch
from torch import Tensor

from medbench.methods.carrier import blockcode, carrier

#: Error of a code read back after rounding to 8 bits, in code units (tests measure it).
CODE_NOISE = 0.018


def carried_pictures(images: Tensor, opens: Tensor) -> tuple[Tensor, Tensor]:
    """Codes (B, 32, 32, n) as the right password (``opens``) or a wrong one reads them; their pictures."""
    truth = blockcode.encode(images)
    right = truth + CODE_NOISE * torch.randn_like(truth)
    codes = torch.where(opens[:, None, None, None], right, torch.rand_like(truth))
    return codes, blockcode.decode(codes)


def with_carrier(pictures: Tensor) -> Tensor:
    """Pictures as a clinic holds them: some code inside (uniform noise to all without the key), 8 bits."""
    pictures = pictures.detach().clamp(0, 1)
    header = torch.zeros(carrier.HEADER_BITS)
    codes = torch.rand(len(pictures), 32, 32, blockcode.CODE_SIZE)
    pairs = zip(pictures.cpu(), codes, strict=True)
    sealed = torch.stack([carrier.write(picture, code, header, (0, 0)) for picture, code in pairs])
    return (sealed * 255).round().div(255).to(pictures)
