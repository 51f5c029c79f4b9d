"""One set of names for a vision transformer's weights, whoever published them.

Known: the DINOv2 repository and timm (nearly the same), transformers (Dinov2Model, ViTModel and
their classifiers) and torchvision (vit_b_16 …). Ours are those of the DINOv2 repository, with
``fc1`` and ``fc2`` for SwiGLU's ``w12`` and ``w3``, as timm has them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from math import isqrt

import torch
from torch import Tensor

#: Whole names or their parts, as they are met; applied in this order to every name.
_RENAMES = tuple(
    (re.compile(pattern), ours)
    for pattern, ours in (
        (r"^(?:dinov2|dinov2_with_registers|vit|backbone|model)\.", ""),
        # transformers
        (r"^embeddings\.patch_embeddings\.projection\.", "patch_embed.proj."),
        (r"^embeddings\.position_embeddings$", "pos_embed"),
        (r"^embeddings\.", ""),
        (r"^encoder\.layer\.(\d+)\.", r"blocks.\1."),
        (r"^layernorm\.", "norm."),
        (r"\.attention\.attention\.(query|key|value)\.", r".attn.\1."),
        (r"\.attention\.output\.dense\.", ".attn.proj."),
        # transformers 5, which still writes the names above into its files
        (r"^layers\.(\d+)\.", r"blocks.\1."),
        (r"\.attention\.q_proj\.", ".attn.query."),
        (r"\.attention\.k_proj\.", ".attn.key."),
        (r"\.attention\.v_proj\.", ".attn.value."),
        (r"\.attention\.o_proj\.", ".attn.proj."),
        (r"\.mlp\.down_proj\.", ".mlp.fc2."),
        (r"\.layernorm_before\.", ".norm1."),
        (r"\.layernorm_after\.", ".norm2."),
        (r"\.intermediate\.dense\.", ".mlp.fc1."),
        (r"^(blocks\.\d+)\.output\.dense\.", r"\1.mlp.fc2."),
        (r"\.layer_scale([12])\.lambda1$", r".ls\1.gamma"),
        (r"\.mlp\.weights_in\.", ".mlp.fc1."),
        (r"\.mlp\.weights_out\.", ".mlp.fc2."),
        # torchvision
        (r"^class_token$", "cls_token"),
        (r"^conv_proj\.", "patch_embed.proj."),
        (r"^encoder\.pos_embedding$", "pos_embed"),
        (r"^encoder\.layers\.encoder_layer_(\d+)\.", r"blocks.\1."),
        (r"^encoder\.ln\.", "norm."),
        (r"\.ln_([12])\.", r".norm\1."),
        (r"\.self_attention\.in_proj_(weight|bias)$", r".attn.qkv.\1"),
        (r"\.self_attention\.out_proj\.", ".attn.proj."),
        (r"\.mlp\.(?:0|linear_1)\.", ".mlp.fc1."),
        (r"\.mlp\.(?:3|linear_2)\.", ".mlp.fc2."),
        # DINOv2's own, in chunks or with SwiGLU; timm's registers
        (r"^blocks\.\d+\.(\d+)\.", r"blocks.\1."),
        (r"\.mlp\.w12\.", ".mlp.fc1."),
        (r"\.mlp\.w3\.", ".mlp.fc2."),
        (r"^reg_token$", "register_tokens"),
    )
)
#: Parts that no feature needs: mask tokens of the pre-training, heads of other tasks.
_UNUSED = re.compile(r"^(?:mask_token$|head\.|heads\.|classifier\.|pooler\.|fc_norm\.|pre_logits\.)")
#: Layers that some keep in parts, and what they are together.
_JOINED = (
    (("attn.query", "attn.key", "attn.value"), "attn.qkv"),
    (("mlp.gate_proj", "mlp.up_proj"), "mlp.fc1"),
)


def in_our_names(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Weights under our names, without what no feature needs; what is not known keeps its name."""
    named = {ours: tensor for name, tensor in state.items() if not _UNUSED.match(ours := _ours(name))}
    for parts, whole in _JOINED:
        for first in [name for name in named if f".{parts[0]}." in name]:
            tensors = [named.pop(first.replace(parts[0], part)) for part in parts]
            named[first.replace(parts[0], whole)] = torch.cat(tensors)
    positions = named.get("pos_embed")
    if positions is not None and isqrt(positions.shape[1]) ** 2 == positions.shape[1]:
        # timm's models with registers have added the class token's position to the token itself.
        named["pos_embed"] = torch.cat([torch.zeros_like(positions[:, :1]), positions], dim=1)
    return named


def _ours(name: str) -> str:
    for pattern, ours in _RENAMES:
        name = pattern.sub(ours, name)
    return name
