"""Untouched: the picture as it is, the upper bound of what is kept and the lower of what is hidden."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from medbench.methods.method import Method, MethodCard

if TYPE_CHECKING:
    import torch

    from medbench.core import Batch
    from medbench.keys import Key


class Untouched(Method):
    """Return every picture unchanged."""

    card = MethodCard.read(Path(__file__).with_name("card_untouched.yaml"))

    def anonymize(self, batch: Batch, keys: Sequence[Key] | None = None) -> torch.Tensor:
        """Return a copy of ``batch.images``."""
        return batch.images.clone()
