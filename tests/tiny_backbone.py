"""A diagnosis evaluator on a tiny backbone in DINOv2's format, for tests: it proves the way, no figure."""

from __future__ import annotations

import torch

from medbench.metrics.evaluators.vision.backbone import Backbone, transformer
from medbench.metrics.evaluators.vision.backbone_diagnosis import BackboneDiagnosis
from medbench.metrics.evaluators.vision.fitting.tuning import Tuning
from medbench.metrics.evaluators.vision.vit import VisionTransformer
from medbench.metrics.evaluators.vision.vit_shape import VitShape

SHAPE = VitShape(width=64, depth=2, patch=14, grid=37, hidden=128, scaled=True)


class TinyDiagnosis(BackboneDiagnosis):
    """As the DINOv2 evaluators, 64 wide; its weights are brought under the name of ViT-S."""

    name = "diagnosis_tiny"
    produces = ("diagnosis",)
    licence = "none"
    citation = "none"
    backbone = Backbone("dinov2_vits14", transformer(width=64, depth=2))
    tuning = Tuning(backbone_rate=1e-3, head_rate=1e-2, decay=0.01, batch=8, steps=3)


def write_backbone(path, seed):
    """Write randomly initialised weights under the official names."""
    torch.manual_seed(seed)
    state = VisionTransformer(SHAPE).state_dict()
    for name, tensor in state.items():
        if name in ("cls_token", "pos_embed"):
            torch.nn.init.normal_(tensor, std=0.02)
    torch.save({**state, "mask_token": torch.zeros(1, SHAPE.width)}, path)
    return path
