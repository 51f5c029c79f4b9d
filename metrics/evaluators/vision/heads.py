"""What turns a backbone's features into a diagnosis: a linear head, or the nearest neighbours."""

from __future__ import annotations

from typing import ClassVar

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from medbench.core import DISEASES


class Head(nn.Module):
    """From features (B, F) to probabilities (B, 8) in the order of DISEASES.

    ``used`` is how many features count, from the first on: a transformer gives its class token
    first and then its mean patch.
    """

    kind: ClassVar[str]
    used: int

    def __init__(self, used: int) -> None:
        super().__init__()
        self.used = used


class LinearHead(Head):
    """Softmax of weight (8, used) and bias (8); a class that the train split lacks has bias -inf."""

    kind = "linear"

    def __init__(self, weight: Tensor, bias: Tensor) -> None:
        super().__init__(weight.shape[1])
        self.weight, self.bias = nn.Parameter(weight), nn.Parameter(bias)

    def logits(self, features: Tensor) -> Tensor:
        """Logits (B, 8)."""
        return F.linear(features[:, : self.used], self.weight, self.bias)

    def forward(self, features: Tensor) -> Tensor:
        """See the base."""
        return self.logits(features).softmax(dim=1)


class NeighbourHead(Head):
    """DINOv2's k-NN: votes of the ``k`` nearest by cosine, each weighted with exp(cosine / 0.07).

    ``bank`` (N, used) holds the unit features of the train split, ``codes`` (N,) their diseases.
    """

    kind = "knn"
    temperature: ClassVar[float] = 0.07
    bank: Tensor
    codes: Tensor
    k: Tensor

    def __init__(self, bank: Tensor, codes: Tensor, k: Tensor) -> None:
        super().__init__(bank.shape[1])
        self.register_buffer("bank", bank)
        self.register_buffer("codes", codes)
        self.register_buffer("k", k)

    def forward(self, features: Tensor) -> Tensor:
        """See the base."""
        return self.votes(features, (int(self.k),))[int(self.k)]

    def votes(self, features: Tensor, counts: tuple[int, ...]) -> dict[int, Tensor]:
        """Probabilities (B, 8) for each number of neighbours."""
        likeness = F.normalize(features[:, : self.used], dim=1) @ self.bank.T
        near, places = likeness.topk(max(counts), dim=1)
        ballots = F.one_hot(self.codes[places], len(DISEASES)).to(near.dtype)
        found = {}
        for count in counts:
            weights = (near[:, :count] / self.temperature).softmax(dim=1)
            found[count] = (weights[:, :, None] * ballots[:, :count]).sum(dim=1)
        return found


def head_of(kind: str, tensors: dict[str, Tensor]) -> Head:
    """Build the head that ``tensors`` belong to; KeyError where they do not fit ``kind``."""
    if kind == NeighbourHead.kind:
        return NeighbourHead(tensors["bank"], tensors["codes"], tensors["k"])
    return LinearHead(tensors["weight"], tensors["bias"])


def unit(features: Tensor) -> Tensor:
    """Features of length one, as a bank holds them."""
    return F.normalize(torch.as_tensor(features), dim=1)
