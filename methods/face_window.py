"""Which square of a picture a network works on, and how what it draws goes back in."""

from __future__ import annotations

from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

#: Pixels per side of what `ours` draws, and of mema-mini's pictures.
SIDE = 256
#: mema-mini's framing in widths of dlib's face box: side of the square, and its centre above the box's.
FRAME, _CENTRE_UP = 1.66, 0.11
_FEATHER = 0.04


class Window(NamedTuple):
    """A square inside the picture, in pixels."""

    top: int
    left: int
    side: int

    def cut(self, picture: Tensor, size: int = SIDE) -> Tensor:
        """The square of one picture (3, H, W), resized to (3, size, size)."""
        return resize(self.native(picture), size)

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


def resize(picture: Tensor, side: int) -> Tensor:
    """Resize (3, h, w) to (3, side, side), antialiased; the same tensor where nothing changes."""
    if picture.shape[1:] == (side, side):
        return picture
    out = F.interpolate(picture[None], size=(side, side), mode="bicubic", antialias=True, align_corners=False)
    return out[0].clamp(0, 1)


def around(box: tuple[float, float, float, float], height: int, width: int, frame: float = FRAME) -> Window:
    """The square for a face box (left, top, right, bottom); the whole picture where that is framed alike."""
    left, top, right, bottom = box
    size = right - left
    side = min(round(frame * size), height, width)
    x, y = (left + right) / 2 - side / 2, (top + bottom) / 2 - _CENTRE_UP * size - side / 2
    if height == width and side > 0.75 * height and max(abs(x), abs(y)) < 0.25 * height:
        return Window(0, 0, height)
    return Window(int(min(max(y, 0), height - side)), int(min(max(x, 0), width - side)), side)
