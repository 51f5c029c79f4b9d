"""How a head is lit: its normals and open sky, under a light told in few numbers per picture."""

from __future__ import annotations

import torch
from torch import Tensor

#: Patterns of light: nine spherical harmonics of the normal, and the light that comes from all sides.
PATTERNS = 10
#: Channels of a surface chart: the unit normal (x, y, z) and the open sky (0 to 1).
SURFACE = 4
_DARKEST = 2e-3
#: The light before anything is learned: a soft key light from ahead and above, and from all sides.
START = (0.30, 0.0, -0.12, 0.30, 0.0, 0.0, 0.0, 0.0, 0.0, 0.45)


def lit(albedo: Tensor, surface: Tensor, light: Tensor, gain: Tensor) -> Tensor:
    """Grey values of a lit surface.

    Args:
        albedo: square root of the reflected share (B, 3, H, W), in [0, 1].
        surface: normal and open sky (B, SURFACE, H, W).
        light: strength of each pattern per colour (B, 3, PATTERNS).
        gain: what the patterns miss (cast shadows, gloss), a share of the light (B, 3, H, W).

    Returns:
        (B, 3, H, W), about [0, 1]; the square root of the light stands for the camera's film curve.
    """
    shade = torch.einsum("bcp,bphw->bchw", light, _patterns(surface)) * (1 + gain)
    return albedo * shade.clamp(min=_DARKEST).sqrt()


def _patterns(surface: Tensor) -> Tensor:
    sky = surface[:, 3:].clamp(0.02, 1)
    x, y, z = (surface[:, :3] / surface[:, :3].norm(dim=1, keepdim=True).clamp(min=1e-3)).unbind(1)
    harmonics = [torch.ones_like(x), x, y, z, x * y, y * z, 3 * z * z - 1, x * z, x * x - y * y]
    # The key light is cut off where little of the sky is open; light from all sides goes with it.
    return torch.cat([torch.stack(harmonics, dim=1) * sky.sqrt(), sky], dim=1)
