"""Which of the eight classes: DINOv2 ViT-B/14 with a head fitted on a suite."""

from __future__ import annotations

from medbench.metrics.evaluators.vision.backbone import Backbone, transformer
from medbench.metrics.evaluators.vision.backbone_diagnosis import BackboneDiagnosis
from medbench.metrics.evaluators.vision.fitting.tuning import DINOV2


class Dinov2BDiagnosis(BackboneDiagnosis):
    """DINOv2's ViT-base (MeMa names no size); see the base for the column."""

    name = "diagnosis_dinov2_vitb14"
    produces = ("diagnosis",)
    automatic = False
    licence = "Apache-2.0"
    citation = "Oquab et al., DINOv2: Learning Robust Visual Features without Supervision, TMLR 2024"
    backbone = Backbone("dinov2_vitb14", transformer(width=768, depth=12))
    tuning = DINOV2


EVALUATOR = Dinov2BDiagnosis
