"""Identity by AdaCos with a MobileFaceNet, trained by FaceX-Zoo."""

from __future__ import annotations

from medbench.metrics.evaluators.recognition.cutting import ARCFACE, PointsCutter
from medbench.metrics.evaluators.recognition.mobilefacenet import MobileFaceNet
from medbench.metrics.evaluators.recognition.recogniser import Recogniser


class Adacos(Recogniser):
    """``identity`` (B, 512) of length 1: aligned at 112 px, through MobileFaceNet.

    AdaCos' own repository publishes no face weights; these are the public ones that were trained with it.
    """

    name = "identity_adacos"
    produces = ("identity",)
    automatic = False
    licence = "Apache-2.0 (FaceX-Zoo); trained on MS-Celeb-1M-v1c: research only"
    citation = "Zhang et al., AdaCos, CVPR 2019; Wang et al., FaceX-Zoo, ACM MM 2021"
    weights = "adacos_mobilefacenet"
    network = MobileFaceNet
    cutter = PointsCutter(ARCFACE, 112, 112)
    blue_first = True


EVALUATOR = Adacos
