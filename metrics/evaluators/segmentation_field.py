"""Where the tumour network looks, and how what it says of two crops becomes one map of the image."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from medbench.metrics.evaluators.eye_crops import HEIGHT, WIDTH, Window

#: Lids, both canthi and the skin below: wider and lower than the crop of the diagnosis network,
#: which cuts one tumour in fifty of mema-mini's train split. This one holds 99.5 % of them whole.
FIELD = Window(0.235, 0.39, 0.6, 0.6 * HEIGHT / WIDTH)


def spread(probabilities: Tensor, boxes: Tensor, size: tuple[int, int], window: Window = FIELD) -> Tensor:
    """Lay the probabilities of both crops of each face back over its image.

    Args:
        probabilities: (B, 2, h, w) of paired crops, the second mirrored.
        boxes: (B, 4) left, top, right, bottom in pixels, finite.
        size: height and width of the images.
        window: what the crops show.

    Returns:
        (B, H, W); 0 outside both crops, the larger one where they overlap.
    """
    side = (boxes[:, 2] - boxes[:, 0]).clamp(min=1)[:, None]
    middle, top = ((boxes[:, 0] + boxes[:, 2]) / 2)[:, None], boxes[:, 1:2]
    x = torch.arange(size[1], device=boxes.device) + 0.5
    y = torch.arange(size[0], device=boxes.device) + 0.5
    along = (x - middle) / side
    down = ((y - top) / side - window.y) / window.height * 2
    maps = []
    for eye, direction in enumerate((1, -1)):
        across = (direction * along - (window.x - 0.5)) / window.width * 2
        places = torch.stack(
            [across[:, None, :].expand(-1, *size), down[:, :, None].expand(-1, *size)], dim=-1
        )
        maps.append(F.grid_sample(probabilities[:, eye : eye + 1], places, align_corners=False)[:, 0])
    return torch.maximum(*maps)
