"""Which square of a picture the network works on, and how its 256-pixel drawing goes back in."""

from __future__ import annotations

from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from medbench.methods.medsem.blockcode import BLOCK
from medbench.methods.medsem.decoder import SIDE

#: The network's framing in widths of dlib's face box: side of the square, and its centre above the box's.
_SIDE_IN_BOXES, _CENTRE_UP = 1.66, 0.11
_FEATHER = 0.04


class Window(NamedTuple):
    """A square inside the picture, in pixels."""

    top: int
    left: int
    side: int

    def cut(self, picture: Tensor) -> Tensor:
        """The square of one picture (3, H, W), resized to (3, 256, 256)."""
        return resize(self.native(picture), SIDE)

    def native(self, picture: Tensor) -> Tensor:
        """The square at its own size."""
        return picture[:, self.top : self.top + self.side, self.left : self.left + self.side]

    def paste(self, picture: Tensor, drawing: Tensor) -> Tensor:
        """``picture`` with ``drawing`` (3, n, n) resized into the square, its rim blended."""
        out = picture.clone()
        inside = self.native(out)
        if self.side == picture.shape[1] == picture.shape[2]:
            inside.copy_(resize(drawing, self.side))
        else:
            edge = torch.linspace(0, 1, self.side, device=picture.device)
            ramp = (torch.minimum(edge, 1 - edge) / _FEATHER).clamp(0, 1)
            alpha = torch.minimum(ramp[:, None], ramp[None])
            inside.lerp_(resize(drawing, self.side), alpha)
        return out

    def code_blocks(self) -> tuple[int, int, int]:
        """First block row, first block column, and blocks per side of the code inside the square."""
        row, col = -(-self.top // BLOCK), -(-self.left // BLOCK)
        fit = min((self.top + self.side) // BLOCK - row, (self.left + self.side) // BLOCK - col)
        return row, col, min(fit, SIDE // BLOCK)


def resize(picture: Tensor, side: int) -> Tensor:
    """Resize (3, h, w) to (3, side, side), antialiased; the same tensor where nothing changes."""
    if picture.shape[1:] == (side, side):
        return picture
    out = F.interpolate(picture[None], size=(side, side), mode="bicubic", antialias=True, align_corners=False)
    return out[0].clamp(0, 1)


def around(box: tuple[float, float, float, float], height: int, width: int) -> Window:
    """The square for a face box (left, top, right, bottom); the whole picture where that is framed alike."""
    left, top, right, bottom = box
    size = right - left
    side = min(round(_SIDE_IN_BOXES * size), height, width)
    x, y = (left + right) / 2 - side / 2, (top + bottom) / 2 - _CENTRE_UP * size - side / 2
    if height == width and side > 0.75 * height and max(abs(x), abs(y)) < 0.25 * height:
        return Window(0, 0, height)
    return Window(int(min(max(y, 0), height - side)), int(min(max(x, 0), width - side)), side)
