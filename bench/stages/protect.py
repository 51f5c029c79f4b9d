"""Call a method, and hold it to its contract: one bad sample never takes others with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import torch

from medbench.core import Batch, FaceNotFound, SomeFailed, Unavailable

if TYPE_CHECKING:
    import pandas as pd

    from medbench.keys import Key
    from medbench.methods.method import Method

#: Rounding in float32 may leave [0, 1] by this much; more is the method's fault.
TOLERANCE = 1e-3


class BadOutput(Exception):
    """A method gave something that is no image of the shape and range asked for."""


@dataclass
class Treated:
    """8-bit pictures (B, H, W, 3), which of them are valid, and why the others are not (row -> reason)."""

    images: np.ndarray
    failures: dict[int, str] = field(default_factory=dict)

    @property
    def good(self) -> np.ndarray:
        """Rows that are valid."""
        return np.array([i for i in range(len(self.images)) if i not in self.failures], dtype=int)


def as_tensor(images: np.ndarray) -> torch.Tensor:
    """uint8 (B, H, W, 3) -> float32 (B, 3, H, W) in [0, 1], a copy."""
    return torch.from_numpy(images).permute(0, 3, 1, 2).contiguous().float().div_(255)


def batch_of(images: np.ndarray, ids: Sequence[str], truth: pd.DataFrame, rows: np.ndarray) -> Batch:
    """The batch of some ``rows`` of a group."""
    return Batch(as_tensor(images[rows]), tuple(ids[i] for i in rows), truth.iloc[rows])


def protect(
    method: Method,
    images: np.ndarray,
    ids: Sequence[str],
    truth: pd.DataFrame,
    keys: Sequence[Key] | None,
) -> Treated:
    """Anonymize uint8 (B, H, W, 3); what the method gives is checked and rounded to 8 bit."""

    def call(rows: np.ndarray) -> torch.Tensor:
        batch = batch_of(images, ids, truth, rows)
        return method.anonymize(batch, None if keys is None else [keys[i] for i in rows])

    return guarded(call, images)


def restore(method: Method, images: np.ndarray, keys: Sequence[Key]) -> Treated:
    """Restore uint8 (B, H, W, 3) from the 8-bit protected pictures, with the same checks."""

    def call(rows: np.ndarray) -> torch.Tensor:
        return method.restore(as_tensor(images[rows]), [keys[i] for i in rows])

    return guarded(call, images)


def guarded(call: Callable[[np.ndarray], torch.Tensor], images: np.ndarray) -> Treated:
    """Call for all rows of uint8 (B, H, W, 3) at once; where that raises, row by row."""
    done = Treated(np.zeros_like(images))
    everything = np.arange(len(images))
    if not len(images):
        return done
    try:
        _store(done, everything, call(everything))
    except Unavailable:
        raise
    except SomeFailed as error:
        _store(done, everything, error.images)
        done.failures |= error.reasons
    except Exception as error:
        if len(images) == 1:
            done.failures[0] = reason_of(error)
            return done
        for row in everything:
            try:
                _store(done, everything[row : row + 1], call(everything[row : row + 1]))
            except Unavailable:
                raise
            except Exception as lone:
                done.failures[int(row)] = reason_of(lone)
    return done


def _store(done: Treated, rows: np.ndarray, output: torch.Tensor) -> None:
    wanted = (len(rows), 3, *done.images.shape[1:3])
    if not isinstance(output, torch.Tensor):
        raise BadOutput(f"output is {type(output).__name__}, not a tensor")
    if tuple(output.shape) != wanted or output.dtype != torch.float32:
        raise BadOutput(f"output is {tuple(output.shape)} {output.dtype}, not {wanted} torch.float32")
    output = output.detach().cpu()
    flat = output.reshape(len(rows), -1)
    finite = torch.isfinite(flat).all(dim=1)
    inside = ((flat >= -TOLERANCE) & (flat <= 1 + TOLERANCE)).all(dim=1)
    eight_bit = (output.nan_to_num(0.0).clamp(0, 1) * 255).round().to(torch.uint8)
    done.images[rows] = eight_bit.permute(0, 2, 3, 1).numpy()
    for row, is_finite, is_inside in zip(rows, finite, inside, strict=True):
        if not is_finite:
            done.failures[int(row)] = "output holds values that are not numbers"
        elif not is_inside:
            done.failures[int(row)] = "output leaves [0, 1]"


def reason_of(error: Exception) -> str:
    """``Kind: message`` in one line; what stands before the colon is published, so it names no file."""
    if isinstance(error, BadOutput):
        return str(error)
    text = " ".join(str(error).split())[:300]
    kind = "no face found" if isinstance(error, FaceNotFound) else type(error).__name__
    return f"{kind}: {text}" if text else kind
