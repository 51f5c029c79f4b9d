"""Identity by FaceNet trained on VGGFace2, as the papers' ID-Dis has it."""

from __future__ import annotations

from medbench.metrics.evaluators.recognition.cutting import BoxCutter
from medbench.metrics.evaluators.recognition.inception_resnet import InceptionResnetV1
from medbench.metrics.evaluators.recognition.recogniser import Recogniser


class FacenetVggface2(Recogniser):
    """``identity`` (B, 512) of length 1: the face's box at 160 px, through InceptionResnetV1."""

    name = "identity_facenet_vggface2"
    produces = ("identity",)
    automatic = False
    licence = "MIT (facenet-pytorch); trained on VGGFace2: research only"
    citation = "Schroff et al., FaceNet, CVPR 2015; github.com/timesler/facenet-pytorch"
    weights = "facenet_vggface2"
    network = InceptionResnetV1
    cutter = BoxCutter(160)


EVALUATOR = FacenetVggface2
