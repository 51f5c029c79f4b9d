"""The networks: a denoising UNet that sees the picture around a hole, and one that doubles the size."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from medbench.methods.aigc.coarse import Coarse
from medbench.methods.networks.blocks import ResBlock
from medbench.methods.networks.denoising_unet import DenoisingUNet
from medbench.methods.networks.diffusion import ddim, velocity

#: Pixels per side of what the diffusion model draws, and of what goes into the picture.
COARSE, FINE = 64, 128
_WIDTH = 32


class Denoiser(nn.Module):
    """The clean face of a noised one, given what surrounds it, side by side as in Palette (Saharia et al.).

    It guesses x and not the velocity: faces differ little from their mean, and noise far larger than
    that would have to be carried through the network.
    """

    def __init__(self) -> None:
        super().__init__()
        self.coarse = Coarse()
        self.unet = DenoisingUNet(channels_in=10, labels=1, deep=96, middle=1)

    def forward(self, noised: Tensor, time: Tensor, around: Tensor, hole: Tensor, gram: Tensor) -> Tensor:
        """Noised faces (B, 3, 64, 64), times (B,), :func:`hidden` pictures, holes, ``coarse.gram(hole)``."""
        soft = self.coarse(noised, time, around, hole, gram)
        label = torch.zeros(len(noised), dtype=torch.long, device=noised.device)
        return soft + self.unet(torch.cat([noised, around, hole, soft], dim=1), time, label)


class Enlarger(nn.Module):
    """A drawn face of 64 px and the picture around it at 128 px -> the face at 128 px."""

    def __init__(self) -> None:
        super().__init__()
        self.net = nn.Sequential(
            nn.Conv2d(3 + 4 * 4, _WIDTH, 3, padding=1),
            ResBlock(_WIDTH),
            nn.SiLU(),
            nn.Conv2d(_WIDTH, 12, 3, padding=1),
            nn.PixelShuffle(2),
        )

    def forward(self, face: Tensor, around: Tensor, hole: Tensor) -> Tensor:
        """Faces (B, 3, 64, 64) in [-1, 1], pictures (B, 3, 128, 128), holes (B, 1, 128, 128)."""
        beside = F.pixel_unshuffle(torch.cat([around, hole], dim=1), 2)
        larger = F.interpolate(face, scale_factor=2, mode="bicubic", align_corners=False)
        return larger + self.net(torch.cat([face, beside], dim=1))


class Filler(nn.Module):
    """Both networks, and the landmarks of the frame that they know faces in."""

    template: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.denoiser = Denoiser()
        self.enlarger = Enlarger()
        #: Mean landmarks (68, 2) in pixels of the frame of 128 px.
        self.register_buffer("template", torch.zeros(68, 2))

    @torch.no_grad()
    def fill(self, picture: Tensor, hole: Tensor, noise: Tensor, steps: int) -> Tensor:
        """Draw faces.

        Args:
            picture: frames (B, 3, 128, 128) in [0, 1]; what they hold in the hole is not looked at.
            hole: 1 where the face is to be drawn, else 0, (B, 1, 128, 128).
            noise: standard normal (B, 3, 64, 64), which face it will be.
            steps: DDIM steps.

        Returns:
            Frames (B, 3, 128, 128) in [0, 1].
        """
        around = hidden(picture * 2 - 1, hole)
        small, small_hole = shrunk(around, hole)

        gram = self.denoiser.coarse.gram(small_hole)

        def velocity_of(face: Tensor, time: Tensor) -> Tensor:
            return velocity(self.denoiser(face, time, small, small_hole, gram), face, time)

        face = ddim(velocity_of, noise, steps)
        face = torch.where(small_hole > 0, face, small)
        return (self.enlarger(face, around, hole) / 2 + 0.5).clamp(0, 1)


def hidden(picture: Tensor, hole: Tensor) -> Tensor:
    """Pictures in [-1, 1] with grey in their holes."""
    return torch.where(hole > 0, 0.0, picture)


def shrunk(around: Tensor, hole: Tensor) -> tuple[Tensor, Tensor]:
    """Pictures and holes at half the size; a pixel that holds some of the hole is of the hole."""
    small = F.max_pool2d(hole, 2)
    return hidden(F.avg_pool2d(around, 2), small), small
