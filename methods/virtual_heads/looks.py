"""How a recogniser sees the virtual persons."""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from medbench.methods.networks.recogniser import Recogniser
from medbench.methods.virtual_heads.pairs import Pairs
from medbench.methods.virtual_heads.people import PEOPLE

#: Pictures by which the recogniser gets to know a virtual person.
_PICTURES_EACH = 32
#: Stands in for a person whom a few pairs do not show.
_GREY = np.full((1, 256, 256, 3), 128, np.uint8)


@torch.no_grad()
def looks(recogniser: Recogniser, pairs: Pairs) -> Tensor:
    """What the recogniser says of each virtual person, over their first pictures: (PEOPLE, 128)."""
    seen = []
    for person in range(PEOPLE):
        shown = np.argwhere(pairs.person == person)[:_PICTURES_EACH]
        pictures = np.stack([pairs.pixels[row, which] for row, which in shown]) if len(shown) else _GREY
        batch = torch.from_numpy(pictures).permute(0, 3, 1, 2).float() / 255
        seen.append(recogniser.embed(batch).mean(0))
    return F.normalize(torch.stack(seen), dim=1)
