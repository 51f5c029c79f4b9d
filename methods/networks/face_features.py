"""Features of a face picture at three resolutions, and how other features of it are joined to them."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from medbench.methods.networks.blocks import ResBlock


class FaceEncoder(nn.Module):
    """Image -> features at 1/4, 1/8 and 1/16."""

    def __init__(self, widths: tuple[int, int, int]) -> None:
        super().__init__()
        fine, mid, wide = widths
        self.stem = nn.Sequential(
            nn.PixelUnshuffle(4), nn.Conv2d(48, fine, 3, padding=1), ResBlock(fine, fine)
        )
        self.mid = nn.Sequential(nn.Conv2d(fine, mid, 4, 2, 1), ResBlock(mid, mid))
        self.wide = nn.Sequential(nn.Conv2d(mid, wide, 4, 2, 1), ResBlock(wide, wide))

    def forward(self, images: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Images (B, 3, n, n) in [0, 1] -> features of ``widths`` channels, n/4, n/8 and n/16 per side."""
        fine = self.stem(images - 0.5)
        mid = self.mid(fine)
        return fine, mid, self.wide(mid)


class Fusion(nn.Module):
    """Concatenate f_face and the downscaled f_med, then three residual blocks (MedSem-DeID, Fig. 5)."""

    def __init__(self, wide: int, medical: int) -> None:
        super().__init__()
        self.enter = nn.Conv2d(wide + medical, wide, 1)
        self.blocks = nn.Sequential(ResBlock(wide, wide), ResBlock(wide, wide), ResBlock(wide, wide))

    def forward(self, face: Tensor, medical: Tensor) -> Tensor:
        """``medical``: Enc_med features on the whole picture's grid, any resolution."""
        medical = F.adaptive_avg_pool2d(medical, (face.shape[-2], face.shape[-1]))
        return self.blocks(self.enter(torch.cat([face, medical], dim=1)))
