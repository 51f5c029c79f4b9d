"""How different two pictures look: LPIPS on SqueezeNet 1.1."""

from __future__ import annotations

from medbench.metrics.evaluators.vision.lpips_evaluator import LpipsEvaluator


class LpipsSqueeze(LpipsEvaluator):
    """LPIPS v0.1 on SqueezeNet 1.1, the smallest; see the base for the column."""

    name = "lpips_squeeze"
    produces = ("lpips",)
    automatic = False
    licence = "BSD-2-Clause (lpips), BSD-3-Clause (torchvision); trained on ImageNet, research only"
    citation = "Zhang et al., The Unreasonable Effectiveness of Deep Features, CVPR 2018"
    net = "squeeze"
    file = "squeezenet1_1_imagenet"


EVALUATOR = LpipsSqueeze
