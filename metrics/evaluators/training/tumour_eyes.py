"""Eye crops with their tumour masks, for training: one eye of each face, half of them with a tumour."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from medbench.methods.training.data import IndexStream
from medbench.metrics.evaluators.eye_crops import paired_crops
from medbench.metrics.evaluators.segmentation_field import FIELD
from medbench.metrics.evaluators.training.augment import changed
from medbench.metrics.evaluators.training.eyes import SHIFT, TURN, ZOOM, EyeImages

if TYPE_CHECKING:
    from medbench.suites.suite import Suite

#: Classes in which a mask may be more than empty.
TUMOURS = ("BCC", "Conj", "SCC")


class TumourEyes(EyeImages):
    """A split's faces with their masks; those of the other classes have none and cost nothing to read."""

    def __init__(self, suite: Suite, split: str, limit: int | None = None) -> None:
        super().__init__(suite, split, limit, FIELD)
        classes = self.truth["disease"].isin(TUMOURS).to_numpy()
        self.size = self.images.pixels.shape[1:3]
        self._masks = {
            int(place): np.packbits(suite.read(split, self.truth["id"].iloc[place]).truth["mask"])
            for place in np.flatnonzero(classes)
        }
        self.ill = np.array([place for place, bits in self._masks.items() if bits.any()], dtype=int)
        self.healthy = np.setdiff1d(np.arange(len(self)), self.ill)

    def masks(self, places: np.ndarray) -> np.ndarray:
        """Return the tumour masks of some faces, bool (B, H, W)."""
        found = np.zeros((len(places), *self.size), dtype=bool)
        for row, place in enumerate(places):
            if int(place) in self._masks:
                bits = np.unpackbits(self._masks[int(place)], count=self.size[0] * self.size[1])
                found[row] = bits.reshape(self.size)
        return found

    def streams(self, batch: int, seeds: tuple[str, ...]) -> tuple[IndexStream, IndexStream]:
        """Seeded batches of places into ``ill`` and into ``healthy``; together ``batch``."""
        half = batch // 2
        return (
            IndexStream(len(self.ill), batch - half, (*seeds, "ill")),
            IndexStream(len(self.healthy), half, (*seeds, "healthy")),
        )

    def one_eye(self, places: np.ndarray, device: str = "cpu") -> tuple[Tensor, Tensor]:
        """Return one varied crop of each face and its mask: (B, 3, h, w) and (B, h, w) in [0, 1].

        It is the eye with the larger tumour, either one where there is none. Draws from torch's
        random state.
        """
        rows, count = self.rows[places], len(places)
        shift = (torch.rand(count, 2) * 2 - 1) * SHIFT
        zoom, turn = 1 + (torch.rand(count) * 2 - 1) * ZOOM, (torch.rand(count) * 2 - 1) * TURN
        masks = torch.from_numpy(self.masks(places)).to(device)[:, None].float()
        layers = torch.cat([self.pixels(rows, device), masks], dim=1)
        moves = (shift.to(device), zoom.to(device), turn.to(device))
        crops = paired_crops(layers, self.boxes[rows].to(device), self.window, *moves)
        areas = crops[:, :, 3].sum(dim=(2, 3)) + 1e-3 * torch.rand(count, 2, device=device)
        chosen = crops[torch.arange(count, device=device), areas.argmax(dim=1)]
        return changed(chosen[:, None, :3])[:, 0], chosen[:, 3]
