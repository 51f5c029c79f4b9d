"""What the losses' recogniser sees in a person's code, without drawing the face."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from medbench.methods.networks.recogniser import EMBEDDING, FACE, INPUT_SIZE, Recogniser
from medbench.methods.networks.style_prior import StylePrior
from medbench.methods.training.seeds import seed_of, seeded

if TYPE_CHECKING:
    from medbench.methods.riddle.model import Riddle

_HIDDEN = 192
#: People drawn once, and steps of learning what the recogniser says of them.
PEOPLE, STEPS = 400, 400


class Look(nn.Module):
    """Identity codes (B, IDENTITY) -> the recogniser's unit vector (B, 128) of that face."""

    def __init__(self) -> None:
        super().__init__()
        self.linear = nn.Linear(StylePrior.IDENTITY, EMBEDDING)
        self.bent = nn.Sequential(
            nn.Linear(StylePrior.IDENTITY, _HIDDEN), nn.SiLU(), nn.Linear(_HIDDEN, EMBEDDING)
        )

    def forward(self, codes: Tensor) -> Tensor:
        """Look at codes; see the class."""
        return F.normalize(self.linear(codes) + self.bent(codes), dim=1)


def taught_look(riddle: Riddle, recogniser: Recogniser, device: str, seed: str, people: int = PEOPLE) -> Look:
    """A Look that was shown sampled people, drawn in one plain scene; frozen."""
    look = seeded(Look, "riddle look", seed).to(device)
    rng = torch.Generator().manual_seed(seed_of("riddle look", seed))
    codes = torch.randn(people, StylePrior.IDENTITY, generator=rng).to(device)
    codes = riddle.prior.definite(codes)
    with torch.no_grad():
        seen = torch.cat([recogniser.embed_face(_faces(riddle, part)) for part in codes.split(20)])
    optimiser = torch.optim.AdamW(look.parameters(), lr=3e-3, weight_decay=0.1)
    for _ in range(STEPS):
        rows = torch.randint(people, (128,), generator=rng).to(device)
        off = 1 - (look(codes[rows]) * seen[rows]).sum(1).mean()
        optimiser.zero_grad()
        off.backward()
        optimiser.step()
    return look.requires_grad_(False).eval()


def _faces(riddle: Riddle, codes: Tensor) -> Tensor:
    """The recogniser's faces (B, 3, 64, 64) of drawn people, on grey."""
    scene = torch.zeros(len(codes), StylePrior.SCENE).to(codes)
    heads = riddle.prior(codes, scene)
    share = heads[:, 3:]
    top, bottom, left, right = (edge // 2 for edge in FACE)
    faces = (heads[:, :3] * share + 0.4 * (1 - share))[..., top:bottom, left:right]
    return F.interpolate(faces, size=(INPUT_SIZE, INPUT_SIZE), mode="area")
