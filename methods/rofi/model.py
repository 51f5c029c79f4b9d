"""ROFI's networks at the mini size: 128 px faces, 16 x 16 tokens (ROFI, Figure 6)."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from medbench.methods.carrier.blockcode import CODE_SIZE
from medbench.methods.networks.blocks import ResBlock
from medbench.methods.networks.code_gate import CodeGate
from medbench.methods.networks.placed_head import KEY
from medbench.methods.networks.sign_detector import SIGN
from medbench.methods.networks.transformer import TransformerBlock

WIDTH = 80
TOKENS = 16


class IdentityBlocks(nn.Module):
    """Key token before the flattened features, transformer blocks, features again; first tokens dropped.

    The Neural Identity Restorer is the same with one more token, learned, that says "restore".
    """

    def __init__(self, depth: int, restoring: bool = False) -> None:
        super().__init__()
        self.key = nn.Linear(KEY, WIDTH)
        self.places = nn.Parameter(torch.randn(1, TOKENS * TOKENS, WIDTH) * 0.02)
        self.restoring = nn.Parameter(torch.randn(1, 1, WIDTH) * 0.02) if restoring else None
        self.blocks = nn.ModuleList(TransformerBlock(WIDTH, heads=4, mlp=2) for _ in range(depth))

    def forward(self, features: Tensor, key: Tensor) -> Tensor:
        """Map features (B, WIDTH, 16, 16) to identity features of the same shape."""
        tokens = [self.key(key * KEY**-0.5)[:, None], features.flatten(2).transpose(1, 2) + self.places]
        if self.restoring is not None:
            tokens.insert(0, self.restoring.expand(len(key), -1, -1))
        return _through(self.blocks, torch.cat(tokens, dim=1), features)


class DAFormer(nn.Module):
    """Two transformer blocks that mend the seams between eyes and face."""

    def __init__(self) -> None:
        super().__init__()
        self.blocks = nn.ModuleList(TransformerBlock(WIDTH, heads=4, mlp=2) for _ in range(2))

    def forward(self, features: Tensor) -> Tensor:
        """Map (B, WIDTH, 16, 16) to the same shape."""
        return _through(self.blocks, features.flatten(2).transpose(1, 2), features)


class Substitution(nn.Module):
    """Features of the sign regions in place of the translated ones."""

    def __init__(self) -> None:
        super().__init__()
        self.reduce = nn.Conv2d(SIGN, 16, 1)
        self.enter = nn.Conv2d(16 * 16, WIDTH, 1)

    def forward(self, identity: Tensor, signs: Tensor, regions: Tensor) -> Tensor:
        """``signs`` (B, 128, 64, 64) where ``regions`` (B, 1, 64, 64) is 1, else ``identity``.

        A token holds 4 x 4 regions: it is replaced by the share of them that show a sign.
        """
        cover = F.avg_pool2d(regions, 4)
        own = self.enter(F.pixel_unshuffle(self.reduce(signs) * regions, 4))
        return identity * (1 - cover) + own * cover.sqrt()


class DecNet(nn.Module):
    """Four residual blocks, up, two, up, one, up: what is painted over the given picture."""

    def __init__(self) -> None:
        super().__init__()
        mid, fine = 56, 40
        self.deep = nn.Sequential(*(ResBlock(WIDTH) for _ in range(4)))
        self.up1 = nn.Sequential(nn.Conv2d(WIDTH, 4 * mid, 1), nn.PixelShuffle(2))
        self.body1 = nn.Sequential(ResBlock(mid), ResBlock(mid))
        self.up2 = nn.Sequential(nn.Conv2d(mid, 4 * fine, 1), nn.PixelShuffle(2))
        self.body2 = ResBlock(fine)
        self.last = nn.Conv2d(fine, 12, 3, padding=1)
        for parameter in self.last.parameters():
            nn.init.zeros_(parameter)

    def forward(self, features: Tensor) -> Tensor:
        """Return changes (B, 3, 128, 128) of colours."""
        h = self.body1(self.up1(self.deep(features)))
        return F.pixel_shuffle(self.last(F.silu(self.body2(self.up2(h)))), 2).float()


class RofiMini(nn.Module):
    """Everything that is trained together; the sign detector is trained before, and frozen."""

    def __init__(self, depth: int = 6) -> None:
        super().__init__()
        fine = 48
        self.extract = nn.Sequential(
            nn.PixelUnshuffle(4),
            nn.Conv2d(96, fine, 3, padding=1),
            ResBlock(fine),
            nn.Conv2d(fine, WIDTH, 4, 2, 1),
            ResBlock(WIDTH),
        )
        self.translator = IdentityBlocks(depth)
        self.restorer = IdentityBlocks(depth, restoring=True)
        self.substitution = Substitution()
        self.da_former = DAFormer()
        self.read_code = nn.Conv2d(CODE_SIZE, WIDTH, 2, stride=2)
        self.opens = CodeGate(1.0, -3.0)
        self.dec_net = DecNet()

    def protect(
        self,
        faces: Tensor,
        base: Tensor,
        key: Tensor,
        signs: Tensor,
        regions: Tensor,
        refine: bool = True,
    ) -> Tensor:
        """What to paint over ``base``, the person of ``key`` in the place of ``faces``, all 128 px."""
        identity = self.translator(self._features(faces, base), key)
        mixed = self.substitution(identity, signs, regions)
        return self.dec_net(self.da_former(mixed) if refine else mixed)

    def restore(self, protected: Tensor, base: Tensor, key: Tensor, code: Tensor, opened: Tensor) -> Tensor:
        """What to paint over ``base``: the picture that ``code`` (B, 32, 32, n) spells, or a virtual face.

        ``code`` counts where ``opened`` (B,) is 1.
        """
        read = self.read_code((code - 0.5).permute(0, 3, 1, 2)) * opened[:, None, None, None]
        return self.dec_net(self.restorer(self._features(protected, base) + read, key))

    def _features(self, given: Tensor, base: Tensor) -> Tensor:
        return self.extract(torch.cat([given, base], dim=1) - 0.5)


def _through(blocks: nn.ModuleList, tokens: Tensor, features: Tensor) -> Tensor:
    for block in blocks:
        tokens = block(tokens)
    return tokens[:, -TOKENS * TOKENS :].transpose(1, 2).reshape(features.shape).contiguous()
