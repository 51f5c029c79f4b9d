"""The networks of Personal: an encoder that reads the disentangled code, the shared prior that draws it."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn

from medbench.methods.face_window import Window
from medbench.methods.networks.head_swap import head_swap
from medbench.methods.networks.style_encoder import StyleEncoder
from medbench.methods.networks.style_prior import StylePrior

#: Numbers of the code that the password rotates: the directions of the identity that pictures show best.
UNITS = 16


class Seen(NamedTuple):
    """What the encoder reads of B faces: ``units`` (B, UNITS), its identity (B, 64), its scene (B, 22)."""

    units: Tensor
    identity: Tensor
    scene: Tensor


class Disentangler(nn.Module):
    """Encoder, and the directions of the identity code along which people are told apart in pictures.

    ``axes`` (UNITS, 64) are orthonormal; ``size`` (UNITS,) is the spread along them of what is read from
    patients' pictures, ``gain`` (UNITS,) by how much too large what is read from drawn heads is.
    """

    axes: Tensor
    size: Tensor
    gain: Tensor

    def __init__(self, encoder: StyleEncoder | None = None) -> None:
        super().__init__()
        self.encoder = encoder or StyleEncoder()
        self.register_buffer("axes", torch.eye(UNITS, StylePrior.IDENTITY))
        self.register_buffer("size", torch.ones(UNITS))
        self.register_buffer("gain", torch.ones(UNITS))

    def patient(self, faces: Tensor) -> Seen:
        """Read a patient's picture (B, 3, 128, 128): units of spread 1."""
        identity, scene = self.encoder.encode(faces)
        return Seen(identity @ self.axes.T / self.size, identity, scene)

    def drawn(self, faces: Tensor) -> Seen:
        """Read a protected picture: the units that its head was drawn with."""
        identity, scene = self.encoder.encode(faces)
        return Seen(identity @ self.axes.T / self.gain, identity, scene)

    def virtual(self, units: Tensor, rest: Tensor) -> Tensor:
        """Identity code (B, 64) of a virtual person: ``units`` along the axes, ``rest`` (B, 64) beside."""
        return units @ self.axes + rest - rest @ self.axes.T @ self.axes

    def own(self, units: Tensor) -> Tensor:
        """Identity code (B, 64) of the patient, as surely as it could be read."""
        return (units * self.size) @ self.axes


class Personal:
    """Swap heads drawn by the shared prior: pictures (1, 3, H, W), faces inside ``window``."""

    def __init__(self, prior: StylePrior, reads: Disentangler) -> None:
        self.prior, self.reads = prior, reads

    def protect(self, picture: Tensor, window: Window, turn: Tensor, rest: Tensor) -> Tensor:
        """The person whose units are turned by ``turn`` (UNITS, UNITS), in the patient's scene.

        ``rest`` (1, 64) is what of the identity no picture shows well enough to be turned.
        """
        seen = self.reads.patient(cut(picture, window))
        new = self.prior(self.reads.virtual(seen.units @ turn.T, rest), seen.scene)
        return self._swapped(picture, window, new, seen)

    def back(self, picture: Tensor, window: Window, turn: Tensor) -> Tensor:
        """The person whom ``turn`` turned into the one that the picture shows."""
        seen = self.reads.drawn(cut(picture, window))
        new = self.prior(self.reads.own(seen.units @ turn), seen.scene)
        return self._swapped(picture, window, new, seen)

    def _swapped(self, picture: Tensor, window: Window, new: Tensor, seen: Seen) -> Tensor:
        shown = self.prior(seen.identity, seen.scene)
        return head_swap(picture, new, shown[:, 3:], window).clamp(0, 1)


def cut(picture: Tensor, window: Window) -> Tensor:
    """The window of a picture (1, 3, H, W) as the encoder sees it: (1, 3, 128, 128)."""
    return window.cut(picture[0], StylePrior.SIDE)[None]


def composite(faces: Tensor, new: Tensor, own: Tensor) -> Tensor:
    """Head swap at the prior's own size: faces (B, 3, 128, 128), heads (B, 4, 128, 128)."""
    return head_swap(faces, new, own[:, 3:], Window(0, 0, StylePrior.SIDE)).clamp(0, 1)


def head_l1(drawn: Tensor, faces: Tensor) -> Tensor:
    """Mean absolute difference between drawn heads (B, 4, h, w) and pictures where the head is."""
    share = drawn[:, 3:].detach()
    apart = (drawn[:, :3] - faces).abs().mean(1, keepdim=True)
    return (apart * share).sum() / share.sum().clamp(min=1)
