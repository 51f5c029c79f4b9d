"""The experts: frozen networks that say what a face is used for, and are deaf to who it is.

Pose and expression come from the style prior's encoder, gaze and lids from Digital Mask's kernel
ridge, medical signs from the Enc_med of ``ours``. They teach the generator and never judge.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from medbench.methods.digital_mask.eye_look import CROP, EyeFit
from medbench.methods.digital_mask.method import DigitalMask
from medbench.methods.digital_mask.motion import Fit
from medbench.methods.face_window import SIDE
from medbench.methods.medsem.method import MedSemDeID
from medbench.methods.medsem.network import MedSem
from medbench.methods.networks.frozen import freeze
from medbench.methods.networks.style_codes import SCENE_NAMES
from medbench.methods.networks.style_encoder import StyleEncoder
from medbench.methods.networks.style_prior import StylePrior

#: Numbers of the scene that the expert for pose and expression stands for.
_EXPRESSION = [
    SCENE_NAMES.index(name) for name in ("yaw", "pitch", "roll", "smile", "mouth_open", "brow_raise")
]
#: Width of an eye's crop in distances between the eyes, as in Digital Mask.
_WIDTH = 0.62
#: Both lids' heights count by the millimetre, gaze by a tenth of a radian.
_UNITS = (1.0, 1.0, 0.1, 0.1)


class EyeReader(nn.Module):
    """:class:`EyeFit` on tensors, differentiable in the pictures."""

    units: Tensor

    def __init__(self, fit: EyeFit) -> None:
        super().__init__()
        for name in ("mean", "components", "waves", "phases", "matrix"):
            self.register_buffer(name, torch.from_numpy(getattr(fit, name).astype(np.float32)))
        self.register_buffer("units", torch.tensor(_UNITS))

    def forward(self, images: Tensor, landmarks: Tensor) -> Tensor:
        """Lids' heights (mm), gaze yaw outward and pitch (0.1 rad) of both eyes: (B, 2, 4).

        Args:
            images: (B, 3, 256, 256) in [0, 1].
            landmarks: (B, 68, 2), x and y in pixels.
        """
        crops = torch.stack([self._crop(images, landmarks, index) for index in (0, 1)], dim=1)
        flat = crops.permute(0, 1, 3, 4, 2).flatten(2)
        flat = (flat - flat.mean(2, keepdim=True)) / (flat.std(2, correction=0, keepdim=True) + 1e-3)
        mean, components, waves, phases, matrix = (t for n, t in self.named_buffers() if n != "units")
        lifted = torch.cos((flat - mean) @ components.T @ waves + phases)
        return (lifted @ matrix[:-1] + matrix[-1]) / self.units

    def _crop(self, images: Tensor, landmarks: Tensor, index: int) -> Tensor:
        centres = torch.stack([landmarks[:, 36:42].mean(1), landmarks[:, 42:48].mean(1)], dim=1)
        across = centres[:, 1] - centres[:, 0]
        height, width = CROP
        mirror = -1.0 if index else 1.0
        x = mirror * (torch.arange(width, device=images.device) - (width / 2 - 0.5))
        y = torch.arange(height, device=images.device) - (height / 2 - 0.5)
        y, x = torch.meshgrid(y, x, indexing="ij")
        step = across[:, None, None] * (_WIDTH / width)
        turned = torch.stack([step[..., 1] * -y, step[..., 0] * y], dim=-1)
        there = centres[:, index, None, None] + step * x[None, :, :, None] + turned
        grid = (there + 0.5) * (2 / SIDE) - 1
        return F.grid_sample(images, grid, padding_mode="border", align_corners=False)


class Experts(NamedTuple):
    """Frozen: ``scene`` 128 px pictures -> (identity, scene), ``eyes``, ``medical`` pictures -> features."""

    scene: Callable[[Tensor], tuple[Tensor, Tensor]]
    eyes: Callable[[Tensor, Tensor], Tensor]
    medical: Callable[[Tensor], Tensor]


def experts(device: str = "cpu") -> tuple[Experts, Callable[[Tensor], Tensor]]:
    """The experts, and the recogniser of the losses; all frozen, from the weights of other methods."""
    ours = freeze(MedSem.from_file(MedSemDeID.weights)).to(device)
    eyes = EyeReader(Fit.read(DigitalMask.weights).eye).to(device)
    scene = StyleEncoder.from_file().to(device)
    return Experts(scene.encode, eyes, ours.medical.features), ours.recogniser.embed


def utility(looks: Experts, picture: Tensor, patient: Tensor, landmarks: Tensor) -> dict[str, Tensor]:
    """How far the experts' views of ``picture`` are from their views of the patient, term by term.

    Args:
        looks: the experts.
        picture: (B, 3, 256, 256) in [0, 1].
        patient: likewise.
        landmarks: the patient's (B, 68, 2); the eyes are looked for there in both.
    """
    with torch.no_grad():
        wanted = _views(looks, patient, landmarks)
    seen = _views(looks, picture, landmarks)
    terms = {name: F.l1_loss(seen[name], wanted[name]) for name in ("expression", "gaze", "lids")}
    return {**terms, "medical": F.mse_loss(seen["medical"], wanted["medical"])}


def _views(looks: Experts, pictures: Tensor, landmarks: Tensor) -> dict[str, Tensor]:
    _, scene = looks.scene(F.avg_pool2d(pictures, SIDE // StylePrior.SIDE))
    eyes = looks.eyes(pictures, landmarks)
    return {
        "expression": scene[:, _EXPRESSION],
        "lids": eyes[..., :2],
        "gaze": eyes[..., 2:],
        "medical": looks.medical(pictures),
    }
