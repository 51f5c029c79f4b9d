"""Pictures made ready once for all evaluators that look at them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from torch import Tensor

#: So many pictures are kept as floats; of more, only those asked for are made.
_KEPT = 32


class Views:
    """N uint8 RGB pictures (H, W, 3), their keys, and their floats.

    The floats are shared: an evaluator reads them and writes elsewhere.
    """

    def __init__(self, images: Sequence[np.ndarray] | np.ndarray) -> None:
        self.images = images
        self._hashes: list[Any] = []
        self._pixels: Tensor | None = None

    def __len__(self) -> int:
        return len(self.images)

    def keys(self, boxes: np.ndarray | None = None) -> list[bytes]:
        """Return each picture's sha256 with its shape, and its box where ``boxes`` (N, 4) are given."""
        if not self._hashes:
            self._hashes = [_hash(image) for image in self.images]
        if boxes is None:
            return [one.digest() for one in self._hashes]
        found = []
        for one, box in zip(self._hashes, boxes, strict=True):
            with_box = one.copy()
            with_box.update(np.ascontiguousarray(box, dtype=np.float32).data)
            found.append(with_box.digest())
        return found

    def pixels(self, rows: Sequence[int]) -> Tensor:
        """Return pictures of one size as float32 (rows, 3, H, W) in [0, 1]."""
        if len(self.images) > _KEPT or len({image.shape for image in self.images}) > 1:
            return _floats([self.images[row] for row in rows])
        if self._pixels is None:
            self._pixels = _floats(self.images)
        whole = list(rows) == list(range(len(self.images)))
        return self._pixels if whole else self._pixels[list(rows)]


def _hash(image: np.ndarray) -> Any:
    found = hashlib.sha256(repr(image.shape).encode())
    found.update(np.ascontiguousarray(image, dtype=np.uint8).data)
    return found


def _floats(images: Sequence[np.ndarray] | np.ndarray) -> Tensor:
    import torch

    stacked = images if isinstance(images, np.ndarray) else np.stack(images)
    return torch.from_numpy(stacked).permute(0, 3, 1, 2).float().div_(255)
