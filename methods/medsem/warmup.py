"""One warm-up step of the mini preset on rendered pairs: what both directions should have drawn."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from medbench.methods.eye_window import own_eyes, spots
from medbench.methods.medsem.network import MedSem
from medbench.methods.networks.password_transformer import PASSWORD
from medbench.methods.training.carried import carried_pictures, with_carrier
from medbench.methods.training.head_scenes import Scenes
from medbench.methods.training.map_losses import map_losses, small_losses
from medbench.methods.training.picture_losses import distance
from medbench.methods.training.precision import fast

_EYE_WEIGHT = 6.0
_SEMANTICS_WEIGHT = 3.0
#: Pixels by which found eye centres are off.
_LANDMARK_NOISE = 1.0


def aim(network: MedSem, scenes: Scenes) -> dict[str, Tensor]:
    """Losses of the maps alone, on the small grid: where the head lies, how it is lit, what is kept."""
    password = torch.randn(len(scenes.images), PASSWORD, device=scenes.images.device)
    with fast(scenes.images.device):
        medical = network.medical.whole(scenes.images)
        maps = network.core.encrypt(scenes.images, medical, password, scenes.person)
    return small_losses(network.core.decoder, maps, scenes)


def losses(network: MedSem, scenes: Scenes) -> tuple[dict[str, Tensor], Tensor, Tensor, Tensor]:
    """Warm-up losses, and X_enc, the mixed restorations and who of them had the right password."""
    with torch.autocast(scenes.images.device.type, enabled=False):
        n, device = len(scenes.images), scenes.images.device
        password = torch.randn(n, PASSWORD, device=device)
        wanted = own_eyes(scenes.images, scenes.wanted, scenes.own, scenes.eyes)
        other = own_eyes(scenes.images, scenes.other, scenes.own, scenes.other_eyes)
        with fast(device):
            medical = network.medical.whole(scenes.images)
            maps = network.core.encrypt(scenes.images, medical, password, scenes.person)
        seen_at = scenes.own + _LANDMARK_NOISE * torch.randn_like(scenes.own)
        protected = network.core.decoder.picture(maps, scenes.person, scenes.images, seen_at)
        with fast(device):
            seen, sought = (network.medical.features(picture) for picture in (protected, wanted))
        weights = 1 + (_EYE_WEIGHT - 1) * spots(scenes.eyes).amax(1, keepdim=True)
        out = {
            "wanted": distance(protected, wanted, weights),
            "semantics": _SEMANTICS_WEIGHT * F.mse_loss(seen.float(), sought.float()),
            **map_losses(maps, scenes),
        }
        half = n // 2
        # What the right password opens is nearly finished as it is read; the wrong ones need the practice.
        opens = torch.arange(half, device=device) % 4 == 1
        held = with_carrier(protected[:half])
        codes, carried = carried_pictures(scenes.images[:half], opens)
        guess = torch.where(opens[:, None], password[:half], torch.randn_like(password[:half]))
        whose = torch.where(opens, scenes.person[:half], scenes.other_person[:half])
        with fast(device):
            back, opened = network.core.decrypt(
                held, network.medical.whole(held), guess, whose, codes, carried
            )
        target = torch.where(opens[:, None, None, None], scenes.images[:half], other[:half])
        out["restored"] = distance(back.float(), target, weights[:half])
        out["opens"] = 0.2 * F.binary_cross_entropy(opened.float().clamp(1e-4, 1 - 1e-4), opens.float())
        out["total"] = torch.stack(list(out.values())).sum()
        return out, protected, back.float(), opens
