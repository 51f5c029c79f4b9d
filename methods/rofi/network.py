"""ROFI whole: sign detector, translator and restorer, from a 256 px face to the protected one and back."""

from __future__ import annotations

from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from medbench.core import MedbenchError
from medbench.methods.networks.eye_regions import corners, cut, laid, substitute
from medbench.methods.networks.frozen import freeze, read_weights, write_state
from medbench.methods.networks.placed_head import PlacedHeads
from medbench.methods.networks.sign_detector import SignDetector, sign_scores
from medbench.methods.networks.style_encoder import StyleEncoder
from medbench.methods.networks.style_prior import StylePrior
from medbench.methods.rofi.model import RofiMini

#: Score above which a region shows a sign (ROFI, 4.2).
THRESHOLD = 0.5
#: Regions (down, across) that a region's score speaks for: it sees nine by nine.
_REACH = (5, 7)


class Rofi(nn.Module):
    """Faces are (B, 3, 256, 256) in [0, 1], keys (B, 512), eye centres (B, 2, 2) as (x, y) in pixels."""

    def __init__(self, detector: SignDetector, core: RofiMini, heads: PlacedHeads) -> None:
        super().__init__()
        self.detector, self.core, self.heads = freeze(detector), core, heads

    @torch.no_grad()
    def signs(self, faces: Tensor, eyes: Tensor) -> tuple[Tensor, Tensor]:
        """Sign features (B, 128, 64, 64) and the sign map (B, 1, 64, 64) in [0, 1], 0 outside the eyes."""
        at = corners(eyes)
        features, logits = self.detector(cut(faces, at))
        scores = sign_scores(logits).unflatten(0, (-1, 2))
        # A region that differs from the other eye's may be called out at either of the two.
        scores = torch.maximum(scores, scores.flip(1))
        scores = F.max_pool3d(scores, (1, *_REACH), 1, (0, _REACH[0] // 2, _REACH[1] // 2))
        grid = laid(torch.cat([features.unflatten(0, (-1, 2)), scores], dim=2), at)
        return grid[:, :-1], grid[:, -1:]

    def encrypt(
        self, faces: Tensor, key: Tensor, eyes: Tensor, threshold: float = THRESHOLD, refine: bool = True
    ) -> Tensor:
        """The protected faces. ``threshold`` 1 substitutes nothing; ``refine`` False leaves DA-Former out."""
        features, scores = self.signs(faces, eyes)
        regions = (scores > threshold).to(faces)
        base = self.heads.swapped(faces, self.heads.code(key), eyes)
        change = self.core.protect(halved(faces), halved(base), key, features, regions, refine)
        return substitute(faces, painted(base, change), regions)

    def decrypt(
        self, protected: Tensor, key: Tensor, virtual: Tensor, code: Tensor, carried: Tensor
    ) -> Tensor:
        """The restored faces, or where ``key`` does not open the code the person that ``virtual`` stands for.

        ``code`` (B, 32, 32, n) and ``carried`` (B, 3, 256, 256) are what the key reads from the picture.
        """
        opened = self.core.opens(code)[:, 0] > 0
        # A wrong key and its noise go no further: every wrong key gives the same face.
        token = torch.where(opened[:, None], key, virtual)
        other = self.heads.swapped(protected, self.heads.code(virtual))
        base = torch.where(opened[:, None, None, None], carried, other)
        return painted(base, self.core.restore(halved(protected), halved(base), token, code, opened.float()))

    def save(self, file: Path) -> None:
        """Write fp16 safetensors, without the style prior, which has a file of its own."""
        shared = ("heads.prior.", "heads.encoder.")
        write_state({k: t for k, t in self.state_dict().items() if not k.startswith(shared)}, file)

    @classmethod
    def from_file(cls, file: Path, depth: int = 6) -> Rofi:
        """Read what :meth:`save` wrote, and the style prior; frozen. Unavailable where a file is missing."""
        heads = PlacedHeads(nn.Module(), nn.Module())  # type: ignore[arg-type]
        rofi = read_weights(cls(SignDetector(), RofiMini(depth), heads), file)
        heads.prior, heads.encoder = StylePrior.from_file(), StyleEncoder.from_file()
        return rofi


def depth_of(preset: str) -> int:
    """Blocks of the translator and of the restorer in a preset: 6, or what ``blocks-N`` says."""
    name, _, number = preset.partition("blocks-")
    if name:
        return 6
    if not number.isdigit():
        raise MedbenchError(f"{preset!r} names no number of blocks; write blocks-2 to blocks-10")
    return int(number)


def halved(faces: Tensor) -> Tensor:
    """Faces at 128 pixels per side."""
    return F.avg_pool2d(faces, 2)


def painted(base: Tensor, change: Tensor) -> Tensor:
    """``base`` (any size) plus ``change`` (B, 3, 128, 128), in [0, 1]."""
    if change.shape != base.shape:
        change = F.interpolate(change, size=base.shape[-2:], mode="bicubic", align_corners=False)
    return (base + change).clamp(0, 1)
