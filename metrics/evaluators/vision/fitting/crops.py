"""The pictures of a training step: random crops, mirrored by chance."""

from __future__ import annotations

import math

import numpy as np
import torch
from PIL import Image

from medbench.metrics.evaluators.vision.pictures import CROP

#: Widest and narrowest shape of a crop, width over height.
_SHAPES = (3 / 4, 4 / 3)


def random_crop(image: np.ndarray, smallest: float) -> Image.Image:
    """Cut a share of ``smallest`` to all of a uint8 picture, resize it to 224 px, mirror it half the time.

    Draws from torch's random state, as torchvision's RandomResizedCrop does; a crop that does not
    fit is cut down to the picture's edge.
    """
    share, shape, across, down, mirror = torch.rand(5).tolist()
    height, width = image.shape[:2]
    area = height * width * (smallest + share * (1 - smallest))
    ratio = math.exp(math.log(_SHAPES[0]) + shape * math.log(_SHAPES[1] / _SHAPES[0]))
    wide, high = min(width, math.sqrt(area * ratio)), min(height, math.sqrt(area / ratio))
    left, top = across * (width - wide), down * (height - high)
    picture = Image.fromarray(image)
    if mirror < 0.5:
        picture = picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    box = (left, top, left + wide, top + high)
    return picture.resize((CROP, CROP), Image.Resampling.BICUBIC, box=box)
