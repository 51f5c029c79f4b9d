"""Which of the eight classes: a small network on both eyes."""

from __future__ import annotations

from torch import Tensor

from medbench.core import DISEASES
from medbench.metrics.evaluators.eye_evaluator import EyeEvaluator
from medbench.metrics.evaluators.eye_networks import DiagnosisNetwork


class MiniDiagnosis(EyeEvaluator):
    """``diagnosis`` (B, 8) float32: probabilities in the order of DISEASES; NaN where there is no box."""

    name = "diagnosis_mini"
    produces = ("diagnosis",)
    network = DiagnosisNetwork
    outputs = len(DISEASES)

    def read(self, outputs: Tensor) -> Tensor:
        """Softmax of the logits."""
        return outputs.softmax(dim=1)


EVALUATOR = MiniDiagnosis
