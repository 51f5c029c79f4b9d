"""Columns of evaluators that look at a picture and its original together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from medbench.metrics.evaluators.pair_evaluator import PairEvaluator
from medbench.stages.protect import as_tensor

if TYPE_CHECKING:
    from medbench.shards import Columns
    from medbench.stages.panel import Panel

#: Pairs that a network sees at once: first layers are large.
_PART = 8


def compared(panel: Panel, role: str, left: np.ndarray, right: np.ndarray) -> Columns:
    """What the panel's pair evaluators say of uint8 pictures (B, H, W, 3), where ``role`` wants it."""
    found: Columns = {}
    for evaluator in panel.evaluators:
        if isinstance(evaluator, PairEvaluator) and panel.wanted[role] & set(evaluator.produces):
            starts = range(0, len(left), _PART)
            parts = [
                evaluator.compare(
                    as_tensor(left[start : start + _PART]), as_tensor(right[start : start + _PART])
                )
                for start in starts
            ]
            found |= {name: np.concatenate([part[name] for part in parts]) for name in evaluator.produces}
    return found
