"""RiDDLE's losses, on what the style prior's space says of a person."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from medbench.methods.networks.style_codes import FLAGS
from medbench.methods.training.weighted import with_total

if TYPE_CHECKING:
    from medbench.methods.networks.style_prior import StylePrior
    from medbench.methods.riddle.look import Look

#: Cosines below this are far enough apart (the shipped script's ``id_cos_margin``).
MARGIN = 0.1
#: Codes of the suite's people reach so far.
_FURTHEST = 2.0
#: Weights of the losses: identity terms as shipped; ``same`` stands for LPIPS and pixel L1.
WEIGHTS = {"protect": 1.0, "diverse": 1.0, "recover": 1.0, "wrong": 1.0, "same": 2.0, "regular": 1.0}


class Round(NamedTuple):
    """Identity codes (B, IDENTITY) of one way there and back.

    The true one, encrypted under two passwords, decrypted with the right one, and with two wrong ones.
    """

    true: Tensor
    first: Tensor
    second: Tensor
    back: Tensor
    wrong: Tensor
    other_wrong: Tensor


def riddle_losses(prior: StylePrior, look: Look, made: Round) -> dict[str, Tensor]:
    """The five losses and their weighted ``total``.

    ``protect``: encrypted is unlike true. ``diverse``: two passwords, two people. ``recover`` and
    ``same``: the right password brings the person back. ``wrong``: a wrong one brings neither the
    person, nor who was encrypted, nor the same stranger twice. ``regular``: all codes are a
    person's that the prior can draw, and clear-cut.
    """
    faces = {name: look(codes) for name, codes in made._asdict().items()}

    def apart(a: str, b: str) -> Tensor:
        return (faces[a] * faces[b]).sum(1).clamp(min=MARGIN).mean()

    strangers = (("wrong", "true"), ("other_wrong", "true"), ("wrong", "first"), ("wrong", "other_wrong"))
    losses = {
        "protect": (apart("true", "first") + apart("true", "second")) / 2,
        "diverse": apart("first", "second"),
        "recover": 1 - (faces["back"] * faces["true"]).sum(1).mean(),
        "same": F.mse_loss(made.back, made.true),
        "wrong": torch.stack([apart(*pair) for pair in strangers]).mean(),
        "regular": torch.stack([irregular(prior, codes) for codes in made[1:]]).mean(),
    }
    return with_total(losses, WEIGHTS)


def irregular(prior: StylePrior, codes: Tensor) -> Tensor:
    """How far codes (B, IDENTITY) are from the suite's range, and their flags from a clear yes or no."""
    far = (codes.abs() - _FURTHEST).clamp(min=0).square().mean()
    flags = (codes @ prior.code_to_person.T + prior.person_mean)[:, :FLAGS]
    unclear = torch.minimum(flags.abs(), (flags - 1).abs()).mean()
    return far + 0.1 * unclear
