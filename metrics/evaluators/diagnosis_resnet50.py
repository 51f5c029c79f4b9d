"""Which of the eight classes: ROFI's ResNet-50, trained on a suite from ImageNet's weights."""

from __future__ import annotations

from medbench.metrics.evaluators.vision.backbone import Backbone, resnet50
from medbench.metrics.evaluators.vision.backbone_diagnosis import BackboneDiagnosis
from medbench.metrics.evaluators.vision.fitting.tuning import ROFI_RESNET50


class Resnet50Diagnosis(BackboneDiagnosis):
    """torchvision's ResNet-50, as ROFI (4.5) takes it: fit it with ``--head finetune``."""

    name = "diagnosis_resnet50"
    produces = ("diagnosis",)
    automatic = False
    licence = "BSD-3-Clause (torchvision); trained on ImageNet, research only"
    citation = "He et al., Deep Residual Learning, CVPR 2016; recipe: ROFI, section 4.5"
    backbone = Backbone("resnet50_imagenet", resnet50)
    tuning = ROFI_RESNET50


EVALUATOR = Resnet50Diagnosis
