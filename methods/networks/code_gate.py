"""Tells a code that the right key opened from what a wrong key reads."""

from __future__ import annotations

from torch import Tensor, nn

from medbench.methods.carrier.blockcode import CODE_SIZE


class CodeGate(nn.Linear):
    """Codes (B, h, w, CODE_SIZE) in [0, 1] -> logits (B, 1), positive where the key is right.

    A wrong key reads uniform numbers (12 x variance = 1); a face's coefficients are known to crowd
    the middle, so that ``weight`` and ``bias`` to start from can say so before any training.
    """

    def __init__(self, weight: float, bias: float) -> None:
        super().__init__(CODE_SIZE, 1)
        nn.init.constant_(self.weight, weight)
        nn.init.constant_(self.bias, bias)

    def forward(self, code: Tensor) -> Tensor:
        """Weigh how far each coefficient's numbers are from uniform ones."""
        return super().forward(1 - 12 * (code - 0.5).square().mean((1, 2)))
