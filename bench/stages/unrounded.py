"""Restore from what a method drew before it was rounded to 8 bit, as the papers do.

A clinic holds files, so this is no figure of use; it stands in its own column, beside the one that
starts from the 8-bit picture, to be compared with published ones.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from medbench.stages.protect import Treated, batch_of, guarded

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import pandas as pd

    from medbench.keys import Key
    from medbench.methods.method import Method


def restore_unrounded(
    method: Method, images: np.ndarray, ids: Sequence[str], truth: pd.DataFrame, keys: Sequence[Key]
) -> Treated:
    """Protect uint8 (B, H, W, 3) and restore at once from the float picture; same checks as `restore`."""

    def call(rows: np.ndarray) -> torch.Tensor:
        chosen = [keys[row] for row in rows]
        return method.restore(method.anonymize(batch_of(images, ids, truth, rows), chosen), chosen)

    return guarded(call, images)
