"""One warm-up step of the mini preset on rendered pairs: what both directions should have drawn."""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from medbench.methods.carrier import blockcode, carrier
from medbench.methods.eye_window import copied, move, set_in, slid, spots
from medbench.methods.medsem.decoder import GRID, KEEP_STEEP, Maps
from medbench.methods.medsem.model import PASSWORD
from medbench.methods.medsem.network import MedSem

#: Error of a code read back after rounding to 8 bits, in code units (tests measure it).
CODE_NOISE = 0.018
_EYE_WEIGHT = 6.0
_SEMANTICS_WEIGHT = 3.0
#: Difference below which two cells show the same.
_SAME = 0.05
#: Pixels by which found eye centres are off.
_LANDMARK_NOISE = 1.0


@dataclass(frozen=True)
class Scenes:
    """A batch: X, its picture as person b (``wanted``) and as person c (``other``), and their truths.

    ``own``, ``eyes`` and ``other_eyes`` (B, 2, 2) are the eye centres (x, y) on X, b and c; ``uv`` and
    ``outline`` are b's maps as the decoder has them.
    """

    images: Tensor
    wanted: Tensor
    other: Tensor
    person: Tensor
    other_person: Tensor
    uv: Tensor
    head: Tensor
    outline: Tensor
    own: Tensor
    eyes: Tensor
    other_eyes: Tensor


def own_eyes(images: Tensor, drawn: Tensor, own: Tensor, eyes: Tensor) -> Tensor:
    """``drawn`` with the eyes of ``images`` (at ``own``) set at ``eyes``, tinted to the skin around them.

    The person changes, the eyes' signs are to stay: their pixels are the patient's, at the person's
    places and in the colour around those.
    """
    return set_in(slid(images, move(own, eyes)), drawn, eyes)


def distance(a: Tensor, b: Tensor, weights: Tensor) -> Tensor:
    """Weighted L1 of pixels and of their differences to the next pixel (which keeps edges sharp)."""
    loss = ((a - b).abs() * weights).mean()
    for axis in (2, 3):
        loss = loss + (a.diff(dim=axis) - b.diff(dim=axis)).abs().mul(weights.narrow(axis, 1, 255)).mean()
    return loss


def carried_pictures(images: Tensor, opens: Tensor) -> tuple[Tensor, Tensor]:
    """Codes (B, 32, 32, n) as the right password (``opens``) or a wrong one reads them; their pictures."""
    truth = blockcode.encode(images)
    right = truth + CODE_NOISE * torch.randn_like(truth)
    codes = torch.where(opens[:, None, None, None], right, torch.rand_like(truth))
    return codes, blockcode.decode(codes)


def with_carrier(pictures: Tensor) -> Tensor:
    """Pictures as a clinic holds them: some code inside (uniform noise to all without the key), 8 bits."""
    pictures = pictures.detach().clamp(0, 1)
    header = torch.zeros(carrier.HEADER_BITS)
    codes = torch.rand(len(pictures), 32, 32, blockcode.CODE_SIZE)
    pairs = zip(pictures.cpu(), codes, strict=True)
    sealed = torch.stack([carrier.write(picture, code, header, (0, 0)) for picture, code in pairs])
    return (sealed * 255).round().div(255).to(pictures)


def losses(network: MedSem, scenes: Scenes) -> tuple[dict[str, Tensor], Tensor, Tensor, Tensor]:
    """Warm-up losses, and X_enc, the mixed restorations and who of them had the right password."""
    with torch.autocast(scenes.images.device.type, enabled=False):
        return _losses(network, scenes)


def fast(device: torch.device) -> torch.autocast:
    """bf16 for the networks where that saves time: on GPUs, and on CPUs that multiply it natively."""
    native = device.type == "cuda" or bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())
    return torch.autocast(device.type, torch.bfloat16, enabled=native)


def aim(network: MedSem, scenes: Scenes) -> dict[str, Tensor]:
    """Losses of the maps alone, on the small grid: where the head lies, how it is lit, what is kept."""
    password = torch.randn(len(scenes.images), PASSWORD, device=scenes.images.device)
    with fast(scenes.images.device):
        medical = network.semantics(scenes.images)
        maps = network.core.encrypt(scenes.images, medical, password, scenes.person)
    shrink = scenes.images.shape[-1] // GRID
    small, wanted = (F.avg_pool2d(picture, shrink) for picture in (scenes.images, scenes.wanted))
    drawn = network.core.decoder.draw(maps, scenes.person, small)
    beside = 1 - F.avg_pool2d(copied(scenes.eyes), shrink)
    out = {"wanted": ((drawn - wanted).abs() * beside).mean(), **_maps(maps, scenes)}
    out["total"] = torch.stack(list(out.values())).sum()
    return out


def _maps(maps: Maps, scenes: Scenes) -> dict[str, Tensor]:
    """What the renderer knows of the maps."""
    inside = (scenes.head > 0.9) & scenes.uv.isfinite().all(1, keepdim=True)
    known = torch.where(inside, scenes.uv, maps.uv.detach())
    kept = same_there(scenes.images, scenes.wanted)
    return {
        "uv": 4 * (maps.uv - known).abs().mean(),
        "outline": 4 * (maps.outline - scenes.outline).abs().mean(),
        "keep": 0.1 * F.binary_cross_entropy_with_logits(KEEP_STEEP * maps.keep, kept),
    }


def same_there(images: Tensor, wanted: Tensor) -> Tensor:
    """1 in cells (B, 1, 64, 64) where both pictures agree, and beside which they do not differ widely."""
    apart = F.avg_pool2d((images - wanted).abs().mean(1, keepdim=True), images.shape[-1] // GRID)
    beside = F.max_pool2d(apart, 3, stride=1, padding=1)
    return ((apart < _SAME) & (beside < 3 * _SAME)).float()


def _losses(network: MedSem, scenes: Scenes) -> tuple[dict[str, Tensor], Tensor, Tensor, Tensor]:
    n, device = len(scenes.images), scenes.images.device
    password = torch.randn(n, PASSWORD, device=device)
    wanted = own_eyes(scenes.images, scenes.wanted, scenes.own, scenes.eyes)
    other = own_eyes(scenes.images, scenes.other, scenes.own, scenes.other_eyes)
    with fast(device):
        medical = network.semantics(scenes.images)
        maps = network.core.encrypt(scenes.images, medical, password, scenes.person)
    seen_at = scenes.own + _LANDMARK_NOISE * torch.randn_like(scenes.own)
    protected = network.core.decoder.picture(maps, scenes.person, scenes.images, seen_at)
    with fast(device):
        seen, sought = (network.medical.features(picture) for picture in (protected, wanted))
    weights = 1 + (_EYE_WEIGHT - 1) * spots(scenes.eyes).amax(1, keepdim=True)
    out = {
        "wanted": distance(protected, wanted, weights),
        "semantics": _SEMANTICS_WEIGHT * F.mse_loss(seen.float(), sought.float()),
        **_maps(maps, scenes),
    }
    half = n // 2
    # What the right password opens is nearly finished as it is read; the wrong ones need the practice.
    opens = torch.arange(half, device=device) % 4 == 1
    held = with_carrier(protected[:half])
    codes, carried = carried_pictures(scenes.images[:half], opens)
    guess = torch.where(opens[:, None], password[:half], torch.randn_like(password[:half]))
    whose = torch.where(opens, scenes.person[:half], scenes.other_person[:half])
    with fast(device):
        back, opened = network.core.decrypt(held, network.semantics(held), guess, whose, codes, carried)
    target = torch.where(opens[:, None, None, None], scenes.images[:half], other[:half])
    out["restored"] = distance(back.float(), target, weights[:half])
    out["opens"] = 0.2 * F.binary_cross_entropy(opened.float().clamp(1e-4, 1 - 1e-4), opens.float())
    out["total"] = torch.stack(list(out.values())).sum()
    return out, protected, back.float(), opens
