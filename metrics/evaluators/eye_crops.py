"""The two eyes of a face, cut out by the detector's box: no landmark of the image at hand is needed."""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

HEIGHT, WIDTH = 64, 80


@dataclass(frozen=True)
class Window:
    """Where a crop lies in dlib's face box, in shares of the box's width from its left and top.

    The centre is that of the patient's right eye (image left); the other crop is its mirror image.
    """

    x: float
    y: float
    width: float
    height: float


#: Brow, lids, eye and the skin around it. Measured on mema-mini's train split: eyes lie at
#: (.29, .30) of the HOG box, sd (.04, .05).
EYE = Window(0.285, 0.305, 0.54, 0.54 * HEIGHT / WIDTH)


def paired_crops(
    images: Tensor,
    boxes: Tensor,
    window: Window = EYE,
    shift: Tensor | None = None,
    zoom: Tensor | None = None,
    turn: Tensor | None = None,
) -> Tensor:
    """Cut both crops of each face, the right-hand one mirrored, so that both look like right eyes.

    Args:
        images: float RGB (B, 3, H, W).
        boxes: (B, 4) left, top, right, bottom in pixels, finite.
        window: what to cut.
        shift: (B, 2) moves of the box, in shares of its width.
        zoom: (B,) factors on the box's size.
        turn: (B,) radians about the box's upper middle.

    Returns:
        (B, 2, 3, 64, 80). What lies outside an image repeats its border.
    """
    sides = (boxes[:, 2] - boxes[:, 0]).clamp(min=1)
    small, factors = _shrunk(images, sides * window.width / WIDTH)
    middle = torch.stack([(boxes[:, 0] + boxes[:, 2]) / 2, boxes[:, 1] + window.y * sides], dim=1)
    if shift is not None:
        middle = middle + shift * sides[:, None]
    if zoom is not None:
        sides = sides * zoom
    across = torch.stack([torch.ones_like(sides), torch.zeros_like(sides)], dim=1)
    if turn is not None:
        across = torch.stack([turn.cos(), turn.sin()], dim=1)
    grid = _grid(middle, across, sides, window)
    crops = []
    for row, image in enumerate(small):
        size = torch.tensor([image.shape[2], image.shape[1]], dtype=grid.dtype, device=grid.device)
        places = (grid[row] / factors[row] * 2 / size - 1).flatten(0, 1)
        crops.append(F.grid_sample(image[None], places[None], padding_mode="border", align_corners=False)[0])
    if not crops:
        return images.new_zeros((0, 2, 3, HEIGHT, WIDTH))
    return torch.stack(crops).unflatten(2, (2, HEIGHT)).movedim(2, 1)


def _grid(middle: Tensor, across: Tensor, sides: Tensor, window: Window) -> Tensor:
    """Pixel places (B, 2, HEIGHT, WIDTH, 2), x and y, of both crops."""
    device = middle.device
    along = ((torch.arange(WIDTH, device=device) + 0.5) / WIDTH - 0.5) * window.width + window.x - 0.5
    down = ((torch.arange(HEIGHT, device=device) + 0.5) / HEIGHT - 0.5) * window.height
    along = torch.stack([along, -along])[:, None, :].expand(2, HEIGHT, WIDTH)
    down = down[None, :, None].expand(2, HEIGHT, WIDTH)
    x, y = across[:, 0].view(-1, 1, 1, 1), across[:, 1].view(-1, 1, 1, 1)
    turned = torch.stack([along * x - down * y, along * y + down * x], dim=-1)
    return turned * sides.view(-1, 1, 1, 1, 1) + middle.view(-1, 1, 1, 1, 2)


def _shrunk(images: Tensor, pixels: Tensor) -> tuple[list[Tensor], list[int]]:
    """Images averaged over whole pixels where a crop pixel covers two or more, and by how much."""
    limit = min(images.shape[2:])
    factors = [max(1, min(int(p), limit)) for p in pixels.tolist()]
    small = [F.avg_pool2d(image, f) if f > 1 else image for image, f in zip(images, factors, strict=True)]
    return small, factors
