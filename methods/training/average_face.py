"""The linear model that an inpainting generator starts from, fitted in closed form."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor

from medbench.methods.face_hole import SIDE
from medbench.methods.networks.face_frame import GRID, face_grid, on_face, resized
from medbench.methods.networks.inpainting import Inpainter
from medbench.methods.training.holes import Examples, Holes

#: Colour that every face is brought to before they are averaged, RGB.
_SKIN = (0.62, 0.50, 0.44)
#: Size of the neck's bell and how far below the chin it lies, in half sides of the square.
_NECK, _NECK_BELOW = (0.16, 0.03), 0.10


def set_average(
    network: Inpainter,
    examples: Examples,
    codes: Tensor,
    ridge: float,
    pictures: Callable[[np.ndarray, str], Holes] | None = None,
) -> None:
    """Put average points, average face and its ``codes``' (N, k) directions into ``network``, in place.

    ``ridge`` is in pictures: how many speak against a direction. ``pictures`` stands in for
    ``examples.batch`` where others than the examples' own pictures are to be averaged.
    """
    take = pictures or examples.batch
    aligned = torch.stack([_aligned(examples, take, row) for row in range(len(examples))])
    mean = aligned.mean(0)
    side = network.basis.shape[-1]
    apart = resized(aligned - mean, side).flatten(1).double()
    design = codes.double().cpu()
    gram = design.T @ design + ridge * torch.eye(design.shape[1], dtype=torch.float64)
    directions = torch.linalg.solve(gram, design.T @ apart)
    with torch.no_grad():
        network.frame.copy_(torch.from_numpy(examples.frame))
        network.mean.copy_(mean)
        network.basis.copy_(directions.view_as(network.basis))
        network.neck.copy_(_below(examples))


def _below(examples: Examples) -> Tensor:
    """Logits (1, 1, 32, 32) of the neck: a bell below the average chin."""
    x, y = examples.landmarks[:, 8].mean(0)
    centres = (torch.arange(GRID) + 0.5) * (2 / GRID) - 1
    across, down = ((centres - x) / _NECK[0]) ** 2, ((centres - y - _NECK_BELOW) / _NECK[1]) ** 2
    return (-0.5 * (down[:, None] + across[None])).clamp(min=-12)[None, None]


def _aligned(examples: Examples, take: Callable[[np.ndarray, str], Holes], row: int) -> Tensor:
    """One picture on the average face's coordinates, in the average skin's colour: (3, 128, 128)."""
    holes = take(np.array([row]), "cpu")
    points = examples.sight.points(examples.landmarks[row])
    back = torch.from_numpy(face_grid(examples.frame, points))[None]
    colour = (holes.truth * holes.hole).sum((2, 3)) / holes.hole.sum((2, 3))
    typical = torch.tensor(_SKIN)[None]
    return on_face(holes.truth * (typical / colour.clamp(min=0.02))[:, :, None, None], back, SIDE)[0].clamp(
        0, 1
    )
