"""Identity by ArcFace with an IResNet-100, trained by insightface."""

from __future__ import annotations

from medbench.metrics.evaluators.recognition.cutting import ARCFACE, PointsCutter
from medbench.metrics.evaluators.recognition.iresnet import IResNet100
from medbench.metrics.evaluators.recognition.recogniser import Recogniser


class ArcfaceR100(Recogniser):
    """``identity`` (B, 512) of length 1: aligned at 112 px, through IResNet-100."""

    name = "identity_arcface_r100"
    produces = ("identity",)
    automatic = False
    licence = "code MIT; weights for non-commercial research only (insightface)"
    citation = "Deng et al., ArcFace, CVPR 2019; github.com/deepinsight/insightface"
    weights = "arcface_r100"
    network = IResNet100
    cutter = PointsCutter(ARCFACE, 112, 112)
    std = 127.5


EVALUATOR = ArcfaceR100
