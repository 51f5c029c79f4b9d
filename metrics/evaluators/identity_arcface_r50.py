"""Identity by ArcFace with an IResNet-50, trained by insightface."""

from __future__ import annotations

from medbench.metrics.evaluators.recognition.cutting import ARCFACE, PointsCutter
from medbench.metrics.evaluators.recognition.iresnet import IResNet50
from medbench.metrics.evaluators.recognition.recogniser import Recogniser


class ArcfaceR50(Recogniser):
    """``identity`` (B, 512) of length 1: aligned at 112 px, through IResNet-50."""

    name = "identity_arcface_r50"
    produces = ("identity",)
    automatic = False
    licence = "code MIT; weights for non-commercial research only (insightface)"
    citation = "Deng et al., ArcFace, CVPR 2019; github.com/deepinsight/insightface"
    weights = "arcface_r50"
    network = IResNet50
    cutter = PointsCutter(ARCFACE, 112, 112)
    std = 127.5


EVALUATOR = ArcfaceR50
