"""ROFI's losses (4.3): what the renderer's pairs ask for, and the terms of the paper."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from medbench.methods.eye_window import spots
from medbench.methods.networks.discriminator import Scores, hinge_g
from medbench.methods.networks.eye_regions import substitute
from medbench.methods.networks.placed_head import KEY
from medbench.methods.rofi.network import THRESHOLD, Rofi, halved, painted
from medbench.methods.training.carried import carried_pictures
from medbench.methods.training.paired_heads import Scenes
from medbench.methods.training.precision import fast

#: How much more a pixel at an eye counts, and pixels by which found eye centres are off.
_EYE_WEIGHT, _LANDMARK_NOISE = 4.0, 1.0
#: Share of the batches in which DA-Former is left out, so that the ablation without it can be drawn.
_WITHOUT_REFINING = 0.12


@dataclass(frozen=True)
class Drawn:
    """What a step drew, 128 px: ``protected`` (B, ...), and ``back`` of the first half of the batch.

    ``opens`` says which of ``back`` had the right key; ``asked`` is the protected picture that was wanted.
    """

    protected: Tensor
    back: Tensor
    opens: Tensor
    asked: Tensor


def keys_of(code: Tensor, rows: Tensor) -> Tensor:
    """Random keys (B, 512), N(0, 1) but for standing for the persons ``code`` (B, 64)."""
    key = torch.randn(len(code), KEY, device=code.device)
    return key + (code - key @ rows.T) @ rows


def paired(rofi: Rofi, scenes: Scenes) -> tuple[dict[str, Tensor], Drawn]:
    """Losses on rendered pairs, ``total`` their sum, and what was drawn."""
    device, half = scenes.images.device, len(scenes.images) // 2
    faces, heads = halved(scenes.images), rofi.heads
    found = scenes.own + _LANDMARK_NOISE * torch.randn_like(scenes.own)
    features, scores = rofi.signs(scenes.images, found)
    regions = (scores > THRESHOLD).to(faces)
    with torch.no_grad(), fast(device):
        own = heads.read(faces)
        asked = heads.laid(faces, scenes.wanted, scenes.eyes, scenes.own, own)
        asked = substitute(faces, asked.float(), regions)
        base = heads.swapped(faces, scenes.code, found).float()
    key = keys_of(scenes.code, heads.rows)
    refine = bool(torch.rand(()) > _WITHOUT_REFINING)
    with fast(device):
        change = rofi.core.protect(faces, base, key, features, regions, refine)
    protected = painted(base, change)
    weights = 1 + (_EYE_WEIGHT - 1) * halved(spots(scenes.own).amax(1, keepdim=True))
    losses = {"wanted": distance(protected, asked, weights)}
    opens = torch.arange(half, device=device) % 2 == 1
    back, wished, opening = _restored(rofi, scenes, protected[:half].detach(), key[:half], opens)
    losses["restored"] = distance(back, wished, weights[:half])
    losses["opens"] = 0.2 * F.binary_cross_entropy_with_logits(opening, opens.float())
    losses["total"] = torch.stack(list(losses.values())).sum()
    return losses, Drawn(protected, back, opens, asked)


def _restored(
    rofi: Rofi, scenes: Scenes, protected: Tensor, key: Tensor, opens: Tensor
) -> tuple[Tensor, Tensor, Tensor]:
    """What comes back from ``protected``, what should, and the logit that says whose key is right."""
    n, heads = len(protected), rofi.heads
    held = (protected * 255).round() / 255
    code, carried = carried_pictures(scenes.images[:n], opens)
    base = halved(carried)
    wished = halved(scenes.images[:n]).clone()
    shut = ~opens
    with torch.no_grad(), fast(held.device):
        own = heads.read(held[shut])
        at = heads.eyes(*own)
        head, seen = scenes.other[:n][shut], scenes.other_eyes[:n][shut]
        wished[shut] = heads.laid(held[shut], head, seen, at, own).float()
        base[shut] = heads.swapped(held[shut], scenes.other_code[:n][shut], at).float()
    token = torch.where(opens[:, None], key, keys_of(scenes.other_code[:n], heads.rows))
    with fast(held.device):
        change = rofi.core.restore(held, base, token, code, opens.float())
    return painted(base, change), wished, rofi.core.opens(code)[:, 0]


def paper_terms(
    phi: Callable[[Tensor], Tensor], scenes: Scenes, drawn: Drawn, critic: Callable[[Tensor], Scores]
) -> dict[str, Tensor]:
    """The paper's terms but for the restored picture's L1, which :func:`paired` has.

    ``phi`` maps 256 px faces to unit vectors; it is never a judge.
    """
    n, opens = len(drawn.back), drawn.opens
    with torch.no_grad():
        identity = phi(scenes.images[:n])
    shown, back = (phi(F.interpolate(x, scale_factor=2.0)) for x in (drawn.protected[:n], drawn.back))
    likeness = (identity * back).sum(1)
    return {
        "deid": (identity * shown).sum(1).mean(),
        "rev_id": -likeness[opens].mean(),
        "wrong": likeness[~opens].mean(),
        "gan": torch.stack([hinge_g(critic(x)) for x in (drawn.protected, drawn.back)]).mean(),
    }


def distance(a: Tensor, b: Tensor, weights: Tensor) -> Tensor:
    """Weighted L1 of pixels and of their differences to the next pixel, which keeps edges sharp."""
    change = a - b
    steps = [change.diff(dim=axis).abs().mul(weights.narrow(axis, 1, 127)).mean() for axis in (2, 3)]
    return (change.abs() * weights).mean() + torch.stack(steps).sum()
