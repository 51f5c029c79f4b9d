"""At which eye is the sign? The diagnosis network looks at each eye as if the face had it twice."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from medbench.core import DISEASES
from medbench.metrics.evaluators.diagnosis_mini import MiniDiagnosis
from medbench.metrics.evaluators.eye_evaluator import EyeEvaluator
from medbench.metrics.evaluators.eye_networks import DiagnosisNetwork, features_of

_NORMAL = DISEASES.index("Normal")


class SideNetwork(nn.Module):
    """From paired crops (B, 2, 3, 64, 80) to the chance (B, 1) that the sign is at the first eye.

    Of the disease that both eyes together show most, the eye has it that shows it more by itself.
    """

    def __init__(self, diagnosis: DiagnosisNetwork) -> None:
        super().__init__()
        self.diagnosis = diagnosis

    def forward(self, crops: Tensor) -> Tensor:
        """See the class."""
        features = features_of(self.diagnosis.tower, crops)
        together = self.diagnosis.judge(features)
        together[:, _NORMAL] = -torch.inf
        named = together.argmax(dim=1, keepdim=True)
        alone = [self._evidence(features[:, [eye, eye]], named) for eye in range(2)]
        return torch.sigmoid(alone[0] - alone[1])

    def _evidence(self, doubled: Tensor, named: Tensor) -> Tensor:
        logits = self.diagnosis.judge(doubled)
        return logits.gather(1, named) - logits[:, _NORMAL : _NORMAL + 1]


class MiniSide(EyeEvaluator):
    """``side`` (B, 1) float32: chance that the sign is at the patient's right eye; NaN without a box.

    It needs no training of its own: the weights are those of ``diagnosis_mini``.
    """

    name = "side_mini"
    produces = ("side",)
    outputs = 1

    def load(self, device: str = "cpu") -> None:
        """Read the diagnosis network's weights."""
        judge = MiniDiagnosis()
        judge.load(device)
        self._device = device
        diagnosis = judge._network
        assert isinstance(diagnosis, DiagnosisNetwork)
        self._network = SideNetwork(diagnosis).eval().requires_grad_(False).to(device)

    def fingerprint(self) -> str:
        """That of the diagnosis network, and the version of this file."""
        return f"{self.name}:1:{MiniDiagnosis().fingerprint()}"


EVALUATOR = MiniSide
