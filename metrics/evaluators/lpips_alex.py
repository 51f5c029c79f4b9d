"""How different two pictures look: LPIPS on AlexNet."""

from __future__ import annotations

from medbench.metrics.evaluators.vision.lpips_evaluator import LpipsEvaluator


class LpipsAlex(LpipsEvaluator):
    """LPIPS v0.1 on AlexNet, the one that LPIPS's authors give as metric; see the base for the column."""

    name = "lpips_alex"
    produces = ("lpips",)
    automatic = False
    licence = "BSD-2-Clause (lpips), BSD-3-Clause (torchvision); trained on ImageNet, research only"
    citation = "Zhang et al., The Unreasonable Effectiveness of Deep Features, CVPR 2018"
    net = "alex"
    file = "alexnet_imagenet"


EVALUATOR = LpipsAlex
