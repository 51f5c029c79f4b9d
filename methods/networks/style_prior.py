"""The style prior: a StyleGAN-like generator of mema-mini heads, steered by a person and a scene."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from medbench.methods.networks.style_blocks import PosedConstant, StyledConv, pose_terms
from medbench.methods.networks.style_codes import (
    FLAGS,
    PERSON,
    POSE,
    SCENE_NAMES,
    person_numbers,
    scene_numbers,
)
from medbench.methods.networks.style_file import WEIGHTS, read_part

if TYPE_CHECKING:
    from collections.abc import Sequence

    from medbench.keys import Key
    from medbench.suites.mini.identity import Identity
    from medbench.suites.mini.scene import Scene

_TERMS = 1 + POSE + POSE * (POSE + 1) // 2
#: Pixels per side of the positions, and cells of the bend that a style adds to them.
_POSITIONS, _BEND = 32, 8
#: Draws beyond this are pulled in: no person of the suite lies further out.
_FURTHEST = 2.1


class StylePrior(nn.Module):
    """Person and scene -> W+ -> the head: its colours and its share of each pixel.

    Person and scene each have a mapping network; the styles of W+ are their sum. The first
    ``POSE`` numbers of the first style are the pose itself: they turn the learned constant.
    An untrained one, ``StylePrior()``, has every shape right and draws noise.
    """

    SIDE = 128
    IDENTITY = 64
    SCENE = len(SCENE_NAMES)
    STYLE = 128
    LAYERS = 8

    person_mean: Tensor
    person_to_code: Tensor
    code_to_person: Tensor
    scene_mean: Tensor
    scene_size: Tensor
    positions: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("person_mean", torch.zeros(PERSON))
        self.register_buffer("person_to_code", torch.eye(self.IDENTITY, PERSON))
        self.register_buffer("code_to_person", torch.eye(PERSON, self.IDENTITY))
        self.register_buffer("scene_mean", torch.zeros(self.SCENE))
        self.register_buffer("scene_size", torch.ones(self.SCENE))
        self.register_buffer("positions", torch.zeros(_TERMS, 2, _POSITIONS, _POSITIONS))
        self.person = _mapping(self.IDENTITY, 256, self.LAYERS * self.STYLE)
        self.scene = _mapping(self.SCENE, 128, self.LAYERS * self.STYLE)
        self.bend = nn.Linear(self.STYLE, 2 * _BEND * _BEND)
        nn.init.zeros_(self.bend.weight)
        nn.init.zeros_(self.bend.bias)
        self.coarse, self.fine = PosedConstant(96, 48), PosedConstant(16, 128)
        inputs = (96, 128, 128 + 96, 96, 96 + 16, 64, 48, 24)
        outputs = (128, 128, 96, 96, 64, 48, 24, 16)
        self.convs = nn.ModuleList(StyledConv(i, o, self.STYLE) for i, o in zip(inputs, outputs, strict=True))
        self.colours = nn.ModuleList(nn.Conv2d(outputs[place], 4, 1) for place in (1, 3, 5, 7))

    @classmethod
    def from_file(cls, path: Path = WEIGHTS) -> StylePrior:
        """Read the trained prior; frozen.

        Raises:
            Unavailable: The file is missing or of another network.
        """
        return read_part(cls(), path, "prior")

    def styles(self, identity: Tensor, scene: Tensor) -> Tensor:
        """Identity codes (B, IDENTITY) ~ N(0, 1) and scenes (B, SCENE) to W+ (B, LAYERS, STYLE)."""
        return self.person_styles(identity) + self.scene_styles(scene)

    def person_styles(self, identity: Tensor) -> Tensor:
        """The person's summand of W+, (B, LAYERS, STYLE); zero where the pose stands."""
        styles = self.person(identity).view(-1, self.LAYERS, self.STYLE)
        return self._with_pose(styles, torch.zeros_like(styles[:, 0, :POSE]))

    def scene_styles(self, scene: Tensor) -> Tensor:
        """The scene's summand of W+, (B, LAYERS, STYLE)."""
        styles = self.scene(scene).view(-1, self.LAYERS, self.STYLE)
        return self._with_pose(styles, scene[:, :POSE])

    def _with_pose(self, styles: Tensor, pose: Tensor) -> Tensor:
        first = torch.cat([pose, styles[:, 0, POSE:]], dim=1)
        return torch.cat([first[:, None], styles[:, 1:]], dim=1)

    def draw(self, styles: Tensor) -> Tensor:
        """W+ (B, LAYERS, STYLE) to heads (B, 4, 128, 128) in [0, 1]: RGB and the head's share of a pixel."""
        where = self.where(styles[:, 0])
        posed = self.coarse(where)
        x = F.avg_pool2d(posed, 2)
        layers: Tensor | None = None
        for level, colour in enumerate(self.colours):
            if level:
                x = _larger(x)
            if level == 1:
                x = torch.cat([x, posed], dim=1)
            if level == 2:
                x = torch.cat([x, self.fine(_larger(where))], dim=1)
            x = self.convs[2 * level](x, styles[:, 2 * level])
            x = self.convs[2 * level + 1](x, styles[:, 2 * level + 1])
            layers = colour(x) if layers is None else _larger(layers) + colour(x)
        assert layers is not None
        return torch.sigmoid(layers)

    def where(self, style: Tensor) -> Tensor:
        """Positions (B, 2, 32, 32) on the head's chart, by the first style (B, STYLE)."""
        placed = pose_terms(style[:, :POSE]) @ self.positions.flatten(1)
        bend = 0.1 * self.bend(style).view(-1, 2, _BEND, _BEND)
        bend = F.interpolate(bend, size=(_POSITIONS, _POSITIONS), mode="bicubic", align_corners=False)
        return placed.view(-1, 2, _POSITIONS, _POSITIONS) + bend

    def forward(self, identity: Tensor, scene: Tensor) -> Tensor:
        """Draw heads of identity codes in scenes; see :meth:`styles` and :meth:`draw`."""
        return self.draw(self.styles(identity, scene))

    def identity_of(self, who: Identity) -> Tensor:
        """The code of a person of mema-mini, (IDENTITY,)."""
        return self.code(torch.from_numpy(person_numbers(who)))

    def scene_of(self, who: Identity, scene: Scene) -> Tensor:
        """The standardised numbers of a scene with a person in it, (SCENE,)."""
        return self.standard(torch.from_numpy(scene_numbers(who, scene)))

    def code(self, numbers: Tensor) -> Tensor:
        """Codes (..., IDENTITY) of person numbers (..., PERSON)."""
        return (numbers.to(self.person_mean) - self.person_mean) @ self.person_to_code.T

    def standard(self, numbers: Tensor) -> Tensor:
        """Scenes (..., SCENE) of mean 0 and size 1 of scene numbers."""
        return (numbers.to(self.scene_mean) - self.scene_mean) / self.scene_size

    def scene_numbers(self, scene: Tensor) -> Tensor:
        """Undo :meth:`standard`: radians, pixels of 256, mm; see ``style_codes.SCENE_NAMES``."""
        return scene * self.scene_size + self.scene_mean

    def sample(self, draws: Sequence[Key] | np.random.Generator, n: int | None = None) -> Tensor:
        """Identity codes (n, IDENTITY) of people who are nobody: one per key, or ``n`` from a generator.

        Normal draws whose yes-or-no properties are made a clear yes or no, and that stay in the range
        of the suite's people.
        """
        if isinstance(draws, np.random.Generator):
            normal = draws.standard_normal((n or 1, self.IDENTITY))
        else:
            normal = np.stack([key.normal(self.IDENTITY, "style prior identity") for key in draws])
        # Row by row: a key's person must not depend on who else is drawn, to the last bit.
        rows = torch.from_numpy(normal).to(self.person_mean).split(1)
        return torch.cat([self.definite(row) for row in rows])

    def definite(self, codes: Tensor) -> Tensor:
        """Codes (n, IDENTITY) pulled into the suite's range, their yes-or-no properties a clear yes or no."""
        numbers = codes.clamp(-_FURTHEST, _FURTHEST) @ self.code_to_person.T + self.person_mean
        yes = (numbers[:, :FLAGS] > 0.5).to(numbers)
        return self.code(torch.cat([yes, numbers[:, FLAGS:]], dim=1))


def _mapping(width_in: int, hidden: int, width_out: int) -> nn.Module:
    return nn.Sequential(
        nn.Linear(width_in, hidden), nn.LeakyReLU(0.2), nn.Linear(hidden, hidden), nn.LeakyReLU(0.2),
        nn.Linear(hidden, width_out),
    )  # fmt: skip


def _larger(x: Tensor) -> Tensor:
    return F.interpolate(x, scale_factor=2, mode="bilinear", align_corners=False)
