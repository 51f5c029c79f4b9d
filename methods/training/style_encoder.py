"""Train the encoder that inverts the style prior: by the truth, and by what its reading draws."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import torch
import torch.nn.functional as F
from torch import Tensor

from medbench.methods.face_window import Window
from medbench.methods.networks.head_swap import head_swap
from medbench.methods.networks.style_encoder import StyleEncoder
from medbench.methods.training.loop import Budget, train_stage
from medbench.methods.training.seeds import seeded
from medbench.methods.training.style_losses import colour_loss
from medbench.methods.training.style_prior import Shown, averaged_module, stream

if TYPE_CHECKING:
    from pathlib import Path

    from medbench.methods.networks.style_prior import StylePrior
    from medbench.methods.training.heads import Heads

MINUTES = 12.0
BATCH = {"cpu": 24, "cuda": 128}
#: Shares of the budget after which the prior's own heads come in, and what is read must draw the picture.
_SWAPS_FROM, _AGAIN_FROM = 0.3, 0.6
#: Least weight of a number that no picture shows.
_FLOOR = 0.2


def train_encoder(
    prior: StylePrior,
    heads: Heads,
    out: Path,
    minutes: float = MINUTES,
    device: str = "cpu",
    seed: str = "0",
    steps: int | None = None,
) -> StyleEncoder:
    """Train in stage folder ``out/encoder``; goes on where a killed call stopped.

    A quarter of each batch becomes the prior's own heads laid into pictures: what is read again
    from a protected picture was drawn by the prior.
    """
    seeds = ("style encoder", seed)
    encoder = seeded(StyleEncoder, *seeds).to(device)
    batches = stream(prior, heads, device, seeds, BATCH[device])
    counts = visibility(prior, batches(0))

    def step_fn(shown: Shown, step: int, progress: float) -> dict[str, Tensor]:
        part = len(shown.identity) // 4
        images, codes = shown.layers[:, :3].clone(), shown.identity.clone()
        if progress >= _SWAPS_FROM:
            codes[:part], images[:part] = swapped(prior, Shown(*(row[:part] for row in shown)))
        identity, scene = encoder.encode(noisy(images))
        off = ((identity - codes).square() * counts).mean()
        losses = {"identity": off, "scene": F.mse_loss(scene, shown.scene), "again": 0 * off.detach()}
        total = 2 * off + 2 * losses["scene"]
        if progress < _AGAIN_FROM:
            return losses | {"total": total}
        again = slice(part, 2 * part)
        with torch.autocast(images.device.type, dtype=torch.bfloat16):
            redrawn = prior(identity[again], scene[again]).float()
        true = Shown(*(row[again] for row in shown))
        losses["again"] = colour_loss(redrawn, true) + F.l1_loss(redrawn[:, 3:], true.layers[:, 3:])
        return losses | {"total": total + 5 * losses["again"]}

    result = train_stage(
        "encoder",
        models={"encoder": encoder},
        optimisers={"total": torch.optim.AdamW(encoder.parameters(), lr=1.5e-3, weight_decay=1e-3)},
        step_fn=step_fn,
        batches=batches,
        budget=Budget(steps=steps, minutes=minutes),
        out=out,
        seeds=seeds,
        device=device,
        ema=0.995,
    )
    return cast("StyleEncoder", averaged_module(result.averaged["encoder"]))


@torch.no_grad()
def visibility(prior: StylePrior, shown: Shown, step: float = 0.5) -> Tensor:
    """How much each number of a code changes pictures, (IDENTITY,), 1 on average and ``_FLOOR`` at least."""
    few = Shown(*(row[:4] for row in shown))
    before = prior(few.identity, few.scene)
    moves = step * torch.eye(prior.IDENTITY, device=before.device)
    changes = [(prior(few.identity + move, few.scene) - before).abs().mean() for move in moves]
    change = torch.stack(changes)
    return (change / change.mean()).clamp(min=_FLOOR)


@torch.no_grad()
def swapped(prior: StylePrior, shown: Shown) -> tuple[Tensor, Tensor]:
    """Other people, drawn by the prior into the ``shown`` pictures: codes, and pictures (B, 3, 128, 128)."""
    codes = prior.definite(torch.randn_like(shown.identity))
    with torch.autocast(shown.layers.device.type, dtype=torch.bfloat16):
        heads = prior(codes, shown.scene).float()
    whole = Window(0, 0, prior.SIDE)
    return codes, head_swap(shown.layers[:, :3], heads, shown.layers[:, 3:], whole)


def noisy(images: Tensor) -> Tensor:
    """Pictures with another white balance and a little noise; draws from torch's random state."""
    gain = 1 + 0.06 * torch.randn(len(images), 3, 1, 1, device=images.device)
    return (images * gain + 0.015 * torch.randn_like(images)).clamp(0, 1)
