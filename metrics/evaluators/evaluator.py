"""Evaluator: a network (or detector) that looks at images and returns columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    import numpy as np
    import torch


class Evaluator:
    """Base of all evaluators.

    ``produces`` names the columns. ``needs_boxes``: wants the face boxes found on the *original*
    image (left, top, right, bottom; pixels; NaN where none), which are used again for the
    protected and restored ones, so that a method is not judged by a detector's mood.
    ``automatic``: may be taken without being asked for, wherever its columns are needed. Official
    evaluators are not: they run with ``--evaluator NAME`` alone, so that no figure changes because a
    weight file appeared on a machine.
    """

    name: ClassVar[str]
    produces: ClassVar[tuple[str, ...]]
    needs_boxes: ClassVar[bool] = False
    automatic: ClassVar[bool] = True
    licence: ClassVar[str] = ""
    citation: ClassVar[str] = ""

    def load(self, device: str = "cpu") -> None:
        """Read weights; raises :class:`medbench.core.Unavailable` with the line that gets them."""

    def fingerprint(self) -> str:
        """Key of the cache: weights' sha256 + settings + version."""
        raise NotImplementedError

    def look(self, images: torch.Tensor, boxes: np.ndarray | None = None) -> dict[str, np.ndarray]:
        """Look at float32 RGB (B, 3, H, W) in [0, 1]; return ``produces`` columns, first axis B.

        NaN rows (or False for ``detected``) where nothing could be seen. Never raises for a strange image.
        """
        raise NotImplementedError
