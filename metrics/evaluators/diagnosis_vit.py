"""Which of the eight classes: ROFI's ViT, trained on a suite from ImageNet's weights."""

from __future__ import annotations

from medbench.metrics.evaluators.vision.backbone import Backbone, transformer
from medbench.metrics.evaluators.vision.backbone_diagnosis import BackboneDiagnosis
from medbench.metrics.evaluators.vision.fitting.tuning import ROFI_VIT


class VitDiagnosis(BackboneDiagnosis):
    """ViT-B/16 (ROFI, 4.5, names no size): fit it with ``--head finetune``."""

    name = "diagnosis_vit"
    produces = ("diagnosis",)
    automatic = False
    licence = "BSD-3-Clause (torchvision); trained on ImageNet, research only"
    citation = "Dosovitskiy et al., An Image is Worth 16x16 Words, ICLR 2021; recipe: ROFI, section 4.5"
    backbone = Backbone("vit_b_16_imagenet", transformer(width=768, depth=12))
    tuning = ROFI_VIT


EVALUATOR = VitDiagnosis
