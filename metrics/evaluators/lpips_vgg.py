"""How different two pictures look: LPIPS on VGG-16."""

from __future__ import annotations

from medbench.metrics.evaluators.vision.lpips_evaluator import LpipsEvaluator


class LpipsVgg(LpipsEvaluator):
    """LPIPS v0.1 on VGG-16, the one that serves as a loss; see the base for the column."""

    name = "lpips_vgg"
    produces = ("lpips",)
    automatic = False
    licence = "BSD-2-Clause (lpips), BSD-3-Clause (torchvision); trained on ImageNet, research only"
    citation = "Zhang et al., The Unreasonable Effectiveness of Deep Features, CVPR 2018"
    net = "vgg"
    file = "vgg16_imagenet"


EVALUATOR = LpipsVgg
