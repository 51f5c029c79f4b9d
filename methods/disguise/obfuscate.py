"""Whose face is drawn: nobody's, and preferably one unlike the patient's.

Candidates are drawn from the prior without a look at the patient; the exponential mechanism
(McSherry and Talwar 2007) picks one, the more likely the less its identity code resembles the
patient's. For any two patients the chances of a pick differ by a factor of at most e^EPSILON: that
holds for the pick, not for pixels that the generator keeps.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

if TYPE_CHECKING:
    from medbench.keys import Key
    from medbench.methods.networks.style_prior import StylePrior

CANDIDATES = 64
EPSILON = 16.0
#: A cosine lies in [-1, 1]; more than by 2 no change of the patient can change it.
_SENSITIVITY = 2.0


def candidates(prior: StylePrior, draws: Key, name: str) -> Tensor:
    """Identity codes (CANDIDATES, 64) of people who are nobody."""
    normal = draws.normal(CANDIDATES * prior.IDENTITY, f"disguise {name} candidates")
    return prior.definite(torch.from_numpy(normal).view(CANDIDATES, prior.IDENTITY))


def chances(identity: Tensor, others: Tensor, epsilon: float = EPSILON) -> np.ndarray:
    """How likely each of ``others`` (n, 64) is picked for the patient's ``identity`` (64,): (n,), sum 1."""
    likeness = F.cosine_similarity(identity[None], others, dim=1).double().numpy()
    weight = np.exp(-epsilon * likeness / (2 * _SENSITIVITY))
    return weight / weight.sum()


def obfuscated(prior: StylePrior, identity: Tensor, draws: Key, name: str = "face") -> Tensor:
    """The identity code (64,) to draw instead of ``identity`` (64,)."""
    others = candidates(prior, draws, name)
    share = float(draws.uniform(1, f"disguise {name} pick")[0])
    place = np.searchsorted(np.cumsum(chances(identity, others)), share)
    return others[min(int(place), CANDIDATES - 1)]
