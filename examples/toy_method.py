"""A method of your own, in one file outside the package.

    medbench run --method examples/toy_method.py:Tiles --suite mema-mini --limit 40
    medbench check-method examples/toy_method.py:Tiles

To give it a name, install it with an entry point in your own setup.cfg:

    [options.entry_points]
    medbench.methods =
        tiles = toy_method:Tiles
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import torch
from torch.nn.functional import avg_pool2d, interpolate

from medbench.methods.method import Method, MethodCard

if TYPE_CHECKING:
    from medbench.core import Batch
    from medbench.keys import Key


class Tiles(Method):
    """Every tile of 16 pixels takes its mean colour."""

    card = MethodCard(
        name="tiles",
        entry="toy_method:Tiles",
        title="Tiles",
        summary="The whole picture in tiles of 16 pixels.",
        licence="Apache-2.0",
        backend="classical",
    )

    def anonymize(self, batch: Batch, keys: Sequence[Key] | None = None) -> torch.Tensor:
        """Return the tiled pictures, (B, 3, H, W) in [0, 1]."""
        images = batch.images
        if not len(images):
            return images.clone()
        means = avg_pool2d(images, 16, ceil_mode=True, count_include_pad=False)
        height, width = images.shape[2:]
        return interpolate(means, scale_factor=16, mode="nearest")[:, :, :height, :width].contiguous()
