"""Identity by CosFace with an IResNet-100, trained by insightface."""

from __future__ import annotations

from medbench.metrics.evaluators.recognition.cutting import ARCFACE, PointsCutter
from medbench.metrics.evaluators.recognition.iresnet import IResNet100
from medbench.metrics.evaluators.recognition.recogniser import Recogniser


class CosfaceR100(Recogniser):
    """``identity`` (B, 512) of length 1: aligned at 112 px, through IResNet-100."""

    name = "identity_cosface_r100"
    produces = ("identity",)
    automatic = False
    licence = "code MIT; weights for non-commercial research only (insightface)"
    citation = "Wang et al., CosFace, CVPR 2018; github.com/deepinsight/insightface"
    weights = "cosface_r100"
    network = IResNet100
    cutter = PointsCutter(ARCFACE, 112, 112)
    std = 127.5


EVALUATOR = CosfaceR100
