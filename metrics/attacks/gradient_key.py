"""Gradient attack on the key: numbers that open a picture are looked for by gradient descent.

A gradient reaches numbers that a restoration depends on smoothly. It does not reach the bits of a key
that go through a hash or a stream cipher on their way: there is nothing to descend. A method says
what can be reached by having ``key_numbers``, how many numbers its key becomes, and ``restore_with``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

import torch

if TYPE_CHECKING:
    from collections.abc import Callable

    from torch import Tensor


@runtime_checkable
class OpensByNumbers(Protocol):
    """A method whose restoration is differentiable in the numbers that its key becomes."""

    key_numbers: int

    def restore_with(self, images: Tensor, numbers: Tensor) -> Tensor:
        """Restore (B, 3, H, W) with key numbers (key_numbers,), differentiably."""
        ...


def descend(
    restore: Callable[[Tensor, Tensor], Tensor],
    protected: Tensor,
    clear: Tensor,
    numbers: int,
    seed: int,
    steps: int = 200,
    starts: int = 4,
    rate: float = 0.05,
) -> tuple[Tensor, float]:
    """Find key numbers under which restored pictures come nearest to the clear ones.

    Args:
        restore: ``(images, numbers) -> images``, differentiable in the numbers.
        protected: (B, 3, H, W) of the attacker's pairs.
        clear: The same pictures before protection.
        numbers: How many numbers make the key.
        seed: Of the starting points, drawn from N(0, 1) as keys are.
        steps: Adam steps of each start.
        starts: Starting points; the best end is taken.
        rate: Learning rate.

    Returns:
        The numbers (numbers,) and the mean absolute difference that they leave.
    """
    generator = torch.Generator().manual_seed(seed)
    best, least = torch.zeros(numbers), float("inf")
    for _ in range(starts):
        guess = torch.randn(numbers, generator=generator).requires_grad_(True)
        adam = torch.optim.Adam([guess], rate)
        for _ in range(steps):
            adam.zero_grad()
            (restore(protected, guess) - clear).abs().mean().backward()
            adam.step()
        with torch.no_grad():
            left = float((restore(protected, guess) - clear).abs().mean())
        if left < least:
            best, least = guess.detach().clone(), left
    return best, least
