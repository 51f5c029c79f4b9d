"""dlib's shape predictor and face chips, shared by the evaluators that look through dlib."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from typing import Any

import numpy as np
from torch import Tensor

from medbench.core import Unavailable
from medbench.weights import FACES_REMEDY, find_verified

_REMEMBERED = 1024


def import_dlib() -> Any:
    """Import dlib.

    Raises:
        Unavailable: it is not installed; the message is the line that gets it.
    """
    try:
        import dlib
    except ImportError:
        raise Unavailable(f"dlib is not installed: {FACES_REMEDY}") from None
    return dlib


def eight_bit(images: Tensor) -> np.ndarray:
    """Return images (B, 3, H, W) in [0, 1] as uint8 (B, H, W, 3); what is not a number becomes 0."""
    bytes_ = images.detach().nan_to_num(0, 1, 0).clamp_(0, 1).mul_(255).round_().byte()
    return np.ascontiguousarray(bytes_.permute(0, 2, 3, 1).cpu().numpy())


class Landmarker:
    """The 68-point predictor. What it found in the last 1,024 (image, box) pairs is remembered."""

    def __init__(self) -> None:
        """Load the predictor; raises :class:`medbench.core.Unavailable`."""
        self.dlib = import_dlib()
        self._predictor = self.dlib.shape_predictor(str(find_verified("dlib_landmarks_68")))
        self._known: OrderedDict[bytes, Any] = OrderedDict()

    def shape(self, image: np.ndarray, box: np.ndarray) -> Any | None:
        """Return dlib's detection with 68 parts; None where the box (4,) is not a finite, filled one.

        Args:
            image: uint8 RGB (H, W, 3).
            box: left, top, right, bottom in pixels; rounded to whole ones, as dlib's are.
        """
        if not np.isfinite(box).all():
            return None
        left, top, right, bottom = (int(v) for v in np.rint(np.clip(box, -1e6, 1e6)))
        if right <= left or bottom <= top:
            return None
        key = hashlib.sha256(image.data).digest() + repr((image.shape, left, top, right, bottom)).encode()
        if key not in self._known:
            self._known[key] = self._predictor(image, self.dlib.rectangle(left, top, right, bottom))
            if len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)
        return self._known[key]


_shared: list[Landmarker] = []


def landmarker() -> Landmarker:
    """Return the landmarker of this process, loaded on first use."""
    if not _shared:
        _shared.append(Landmarker())
    return _shared[0]
