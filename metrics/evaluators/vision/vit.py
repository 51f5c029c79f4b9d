"""The vision transformer: ViT (Dosovitskiy et al. 2020) and DINOv2 (Oquab et al. 2023)."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from medbench.core import MedbenchError
from medbench.metrics.evaluators.vision.feature_network import FeatureNetwork
from medbench.metrics.evaluators.vision.vit_shape import VitShape

_EPSILON = 1e-6


class VisionTransformer(FeatureNetwork):
    """From pixels (B, 3, H, W), normalised, to the class token and the mean patch: (B, 2 * width).

    H and W are multiples of the patch; position embeddings are interpolated to them as upstream does.
    Parameters have the names of the DINOv2 repository.
    """

    def __init__(self, shape: VitShape) -> None:
        super().__init__()
        self.shape = shape
        width = shape.width
        self.features = 2 * width
        self.cls_token = nn.Parameter(torch.zeros(1, 1, width))
        self.pos_embed = nn.Parameter(torch.zeros(1, shape.grid**2 + 1, width))
        if shape.registers:
            self.register_tokens = nn.Parameter(torch.zeros(1, shape.registers, width))
        self.patch_embed = nn.ModuleDict({"proj": nn.Conv2d(3, width, shape.patch, shape.patch)})
        self.blocks = nn.ModuleList(_Block(shape) for _ in range(shape.depth))
        self.norm = nn.LayerNorm(width, eps=_EPSILON)

    def forward(self, pixels: Tensor) -> Tensor:
        """See the class."""
        tokens = self.tokens(pixels)
        return torch.cat([tokens[:, 0], tokens[:, 1 + self.shape.registers :].mean(dim=1)], dim=1)

    def tokens(self, pixels: Tensor) -> Tensor:
        """All tokens after the last norm: class, registers, patches row by row."""
        patches = self.patch_embed["proj"](pixels)
        rows, columns = patches.shape[2:]
        tokens = torch.cat(
            [self.cls_token.expand(len(pixels), -1, -1), patches.flatten(2).transpose(1, 2)], dim=1
        )
        tokens = tokens + self.positions(rows, columns)
        if self.shape.registers:
            registers = self.register_tokens.expand(len(pixels), -1, -1)
            tokens = torch.cat([tokens[:, :1], registers, tokens[:, 1:]], dim=1)
        for block in self.blocks:
            tokens = block(tokens)
        normed: Tensor = self.norm(tokens)
        return normed

    def positions(self, rows: int, columns: int) -> Tensor:
        """Position embeddings (1, 1 + rows * columns, width), bicubic between the trained ones."""
        grid, offset = self.shape.grid, self.shape.offset
        if rows == columns == grid:
            return self.pos_embed
        first, rest = self.pos_embed[:, :1], self.pos_embed[:, 1:]
        plane = rest.unflatten(1, (grid, grid)).permute(0, 3, 1, 2)
        if offset:
            factors = ((rows + offset) / grid, (columns + offset) / grid)
            plane = F.interpolate(plane, scale_factor=factors, mode="bicubic")
        else:
            plane = F.interpolate(plane, size=(rows, columns), mode="bicubic", antialias=True)
        return torch.cat([first, plane.flatten(2).transpose(1, 2)], dim=1)


class _Block(nn.Module):
    def __init__(self, shape: VitShape) -> None:
        super().__init__()
        self.norm1 = nn.LayerNorm(shape.width, eps=_EPSILON)
        self.attn = _Attention(shape.width, shape.heads)
        self.ls1 = _Scale(shape.width) if shape.scaled else nn.Identity()
        self.norm2 = nn.LayerNorm(shape.width, eps=_EPSILON)
        self.mlp = _Mlp(shape)
        self.ls2 = _Scale(shape.width) if shape.scaled else nn.Identity()

    def forward(self, x: Tensor) -> Tensor:
        x = x + self.ls1(self.attn(self.norm1(x)))
        found: Tensor = x + self.ls2(self.mlp(self.norm2(x)))
        return found


class _Attention(nn.Module):
    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(width, 3 * width)
        self.proj = nn.Linear(width, width)

    def forward(self, x: Tensor) -> Tensor:
        query, key, value = self.qkv(x).unflatten(2, (3, self.heads, -1)).permute(2, 0, 3, 1, 4)
        mixed = F.scaled_dot_product_attention(query, key, value)
        out: Tensor = self.proj(mixed.transpose(1, 2).flatten(2))
        return out


class _Mlp(nn.Module):
    def __init__(self, shape: VitShape) -> None:
        super().__init__()
        self.gated = shape.gated
        self.fc1 = nn.Linear(shape.width, shape.hidden * (2 if shape.gated else 1))
        self.fc2 = nn.Linear(shape.hidden, shape.width)

    def forward(self, x: Tensor) -> Tensor:
        x = self.fc1(x)
        if self.gated:
            gate, x = x.chunk(2, dim=-1)
            x = F.silu(gate) * x
        else:
            x = F.gelu(x)
        out: Tensor = self.fc2(x)
        return out


class _Scale(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.gamma = nn.Parameter(torch.ones(width))

    def forward(self, x: Tensor) -> Tensor:
        return x * self.gamma


def build_vit(state: dict[str, Tensor]) -> VisionTransformer:
    """Build the transformer whose weights ``state`` holds, in the names of ``vit_names``.

    Raises:
        MedbenchError: the weights are of another kind of network.
    """
    network = VisionTransformer(VitShape.read(state))
    try:
        network.load_state_dict(state)
    except RuntimeError as error:
        raise MedbenchError(f"these are no weights of a vision transformer ({error})") from None
    return network
