"""How pictures enter networks that were trained on ImageNet."""

from __future__ import annotations

import numpy as np
import torch
from PIL import Image
from torch import Tensor

#: Mean and standard deviation of ImageNet's channels, RGB in [0, 1].
MEAN, SPREAD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
#: What DINOv2 and torchvision evaluate at: the shorter side, then the middle square.
SHORTER, CROP = 256, 224


def eight_bit_pictures(images: Tensor) -> list[Image.Image]:
    """Float RGB (B, 3, H, W) in [0, 1] as 8-bit pictures."""
    levels = (images.detach().cpu().nan_to_num(0).clamp(0, 1) * 255).round().byte()
    return [Image.fromarray(np.ascontiguousarray(level.permute(1, 2, 0).numpy())) for level in levels]


def middle_square(picture: Image.Image, shorter: int = SHORTER, crop: int = CROP) -> Image.Image:
    """Resize the shorter side (bicubic, as PIL does it), then cut out the middle square."""
    width, height = picture.size
    factor = shorter / min(width, height)
    if factor != 1:
        # The longer side is rounded down, as torchvision's Resize has it.
        size = (max(shorter, int(width * factor)), max(shorter, int(height * factor)))
        picture = picture.resize(size, Image.Resampling.BICUBIC)
    left, top = round((picture.width - crop) / 2), round((picture.height - crop) / 2)
    return picture.crop((left, top, left + crop, top + crop))


def normalised(pictures: list[Image.Image]) -> Tensor:
    """Pictures of one size as float (B, 3, H, W), by ImageNet's mean and spread."""
    stacked = np.stack([np.asarray(picture) for picture in pictures])
    pixels = torch.from_numpy(stacked).permute(0, 3, 1, 2).float() / 255
    return (pixels - torch.tensor(MEAN).view(3, 1, 1)) / torch.tensor(SPREAD).view(3, 1, 1)
