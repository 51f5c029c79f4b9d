"""Identity by SphereFace-20, as the papers' ID-Dis has it."""

from __future__ import annotations

from medbench.metrics.evaluators.recognition.cutting import SPHEREFACE, PointsCutter
from medbench.metrics.evaluators.recognition.recogniser import Recogniser
from medbench.metrics.evaluators.recognition.sphere20 import Sphere20


class Sphereface20(Recogniser):
    """``identity`` (B, 512) of length 1: aligned at 96 x 112 px, through ``sphere20a``."""

    name = "identity_sphereface20"
    produces = ("identity",)
    automatic = False
    licence = "MIT (sphereface_pytorch); trained on CASIA-WebFace: research only"
    citation = "Liu et al., SphereFace, CVPR 2017; github.com/clcarwin/sphereface_pytorch"
    weights = "sphereface20"
    network = Sphere20
    cutter = PointsCutter(SPHEREFACE, 96, 112, backwards=True)
    blue_first = True


EVALUATOR = Sphereface20
