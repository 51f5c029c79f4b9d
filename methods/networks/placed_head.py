"""The head that a key stands for, drawn by the style prior with its eyes where another head has them."""

from __future__ import annotations

import math

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from medbench.methods.face_window import SIDE, Window
from medbench.methods.networks.head_swap import head_swap
from medbench.methods.networks.style_codes import POSE
from medbench.methods.networks.style_encoder import StyleEncoder
from medbench.methods.networks.style_prior import StylePrior

_TERMS = 1 + StylePrior.IDENTITY + StylePrior.SCENE + POSE * (POSE + 1) // 2

#: Numbers of a key.
KEY = 512


def code_rows() -> Tensor:
    """Orthonormal rows (64, 512): ``code_rows() @ k`` is the identity code, N(0, 1), of a key k."""
    n = torch.arange(KEY, dtype=torch.float64)
    waves = torch.arange(1, StylePrior.IDENTITY + 1, dtype=torch.float64)[:, None]
    return (torch.cos(math.pi / KEY * (n + 0.5) * waves) * math.sqrt(2 / KEY)).float()


class PlacedHeads(nn.Module):
    """Frozen. Faces are (B, 3, 256, 256) in [0, 1], keys (B, 512), eye centres (B, 2, 2) in their pixels."""

    eye_map: Tensor
    rows: Tensor

    def __init__(self, prior: StylePrior, encoder: StyleEncoder) -> None:
        super().__init__()
        self.prior, self.encoder = prior, encoder
        self.register_buffer("eye_map", torch.zeros(_TERMS, 4))
        self.register_buffer("rows", code_rows(), persistent=False)

    def code(self, key: Tensor) -> Tensor:
        """The identity code (B, 64) that a key stands for."""
        return self.prior.definite(key @ self.rows.T)

    def read(self, faces: Tensor) -> tuple[Tensor, Tensor]:
        """Identity code and scene of faces."""
        return self.encoder.encode(F.avg_pool2d(faces, faces.shape[-1] // StylePrior.SIDE))

    def eyes(self, identity: Tensor, scene: Tensor) -> Tensor:
        """Eye centres of a person in a scene (B, 2, 2)."""
        # Eight bits of bf16 are too few for places in a picture.
        with torch.autocast(scene.device.type, enabled=False):
            return (_terms(identity.float(), scene.float()) @ self.eye_map).view(-1, 2, 2)

    @torch.no_grad()
    def swapped(self, faces: Tensor, identity: Tensor, eyes: Tensor | None = None) -> Tensor:
        """``faces`` with the head of ``identity`` (B, 64), its eyes where the face has them: at ``eyes``.

        Without ``eyes`` they are read from the face.
        """
        own, scene = self.read(faces)
        head = self.prior.draw(self.prior.styles(identity, scene))
        at = self.eyes(own, scene) if eyes is None else eyes
        return self.laid(faces, head, self.eyes(identity, scene), at, (own, scene))

    @torch.no_grad()
    def laid(
        self, faces: Tensor, head: Tensor, drawn_at: Tensor, eyes: Tensor, own: tuple[Tensor, Tensor]
    ) -> Tensor:
        """``faces`` (any size) with ``head`` (B, 4, 128, 128) laid in, its eyes moved from ``drawn_at``.

        ``own`` is what :meth:`read` says of the faces.
        """
        shape = self.prior.draw(self.prior.styles(*own))[:, 3:].float()
        with torch.autocast(faces.device.type, enabled=False):
            where = _similar(drawn_at, eyes, head)
            # A head that the edge cuts off goes on as it is there.
            head = F.grid_sample(head.float(), where, padding_mode="border", align_corners=False)
            return head_swap(faces, head, shape, Window(0, 0, faces.shape[-1]))

    def fit_eyes(self, identity: Tensor, scene: Tensor, eyes: Tensor) -> float:
        """Fit :meth:`eyes` by ridge regression; returns the mean error in pixels."""
        terms, wanted = _terms(identity, scene).double().numpy(), eyes.flatten(1).double().numpy()
        ridge = np.eye(_TERMS) * 1e-3 * len(terms)
        ridge[0, 0] = 0
        self.eye_map.copy_(torch.from_numpy(np.linalg.solve(terms.T @ terms + ridge, terms.T @ wanted)))
        return float((self.eyes(identity, scene) - eyes).norm(dim=-1).mean())


def _terms(identity: Tensor, scene: Tensor) -> Tensor:
    pose = scene[:, :POSE]
    first, second = torch.triu_indices(POSE, POSE)
    one = torch.ones_like(pose[:, :1])
    return torch.cat([one, identity, scene, pose[:, first] * pose[:, second]], dim=1)


def _similar(there: Tensor, here: Tensor, image: Tensor) -> Tensor:
    """Where to look, (B, h, w, 2), so that two points seen at ``there`` come to lie at ``here``."""
    a, b = (2 * points / SIDE - 1 for points in (here, there))
    across, seen = a[:, 1] - a[:, 0], b[:, 1] - b[:, 0]
    size = across.square().sum(1).clamp(min=1e-4)
    cos = (across * seen).sum(1) / size
    sin = (across[:, 0] * seen[:, 1] - across[:, 1] * seen[:, 0]) / size
    turn = torch.stack([torch.stack([cos, -sin], 1), torch.stack([sin, cos], 1)], 1)
    shift = b.mean(1) - torch.einsum("bij,bj->bi", turn, a.mean(1))
    return F.affine_grid(torch.cat([turn, shift[..., None]], 2), list(image.shape), align_corners=False)
