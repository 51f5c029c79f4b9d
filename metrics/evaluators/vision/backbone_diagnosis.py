"""What the diagnosis evaluators on a published backbone have in common."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import torch
from torch import Tensor

from medbench.metrics.evaluators.evaluator import Evaluator
from medbench.metrics.evaluators.vision.backbone import Backbone, BackboneFeatures
from medbench.metrics.evaluators.vision.head_file import head_path, read_head

if TYPE_CHECKING:
    from medbench.metrics.evaluators.vision.fitting.fit import Fitted
    from medbench.metrics.evaluators.vision.fitting.tuning import Tuning
    from medbench.metrics.evaluators.vision.fitting.wishes import Wishes
    from medbench.suites.suite import Suite


class BackboneDiagnosis(Evaluator):
    """``diagnosis`` (B, 8) float32: probabilities in the order of DISEASES.

    A subclass names the backbone and how it is fine-tuned. The head lies in the user's store of
    weights, where ``medbench fit-evaluator`` puts it.
    """

    produces = ("diagnosis",)
    automatic = False
    backbone: ClassVar[Backbone]
    tuning: ClassVar[Tuning]

    def load(self, device: str = "cpu") -> None:
        """Read the backbone's official file and the head that was fitted on it.

        Raises:
            Unavailable: either is missing; the message is the line that gets it.
            MedbenchError: the head was fitted on another backbone, or a file is of another network.
        """
        self._reader = BackboneFeatures(self.backbone)
        self._reader.load(device)
        self._fitted = read_head(head_path(self.name), self.name, self._reader.sha256)
        if self._fitted.network:
            self._reader.network.load_state_dict(dict(self._fitted.network))
        self._fitted.head.to(device)

    def fingerprint(self) -> str:
        """The backbone's fingerprint, the head's digest and what it was fitted on."""
        suite, kind = self._fitted.notes.get("suite", ""), self._fitted.notes.get("fit", "")
        return f"{self.name}:1:{kind}:{suite}:{self._fitted.digest}:{self._reader.fingerprint()}"

    def look(self, images: Tensor, boxes: np.ndarray | None = None) -> dict[str, np.ndarray]:
        """See the class; ``boxes`` are not used: the whole picture is looked at."""
        with torch.inference_mode():
            return {"diagnosis": self._fitted.head(self._reader.read(images)).cpu().numpy()}

    @classmethod
    def fit(cls, suite: Suite, wishes: Wishes, run: Path) -> Fitted:
        """Fit a head on the suite's train split, chosen on its select split, and put it into the store."""
        from medbench.metrics.evaluators.vision.fitting.fit import fit_head

        return fit_head(cls, suite, wishes, run)
