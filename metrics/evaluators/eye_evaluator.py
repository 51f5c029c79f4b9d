"""What evaluators that look at both eyes have in common."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
import torch
from torch import Tensor, nn

from medbench.core import MedbenchError
from medbench.metrics.evaluators.evaluator import Evaluator
from medbench.metrics.evaluators.eye_crops import EYE, paired_crops
from medbench.weights import find, load_safetensors, sha256


class EyeEvaluator(Evaluator):
    """Runs a network on the paired eye crops of faces that have a box; NaN for the others.

    A subclass names the network's class, the weight file's stem and the number of outputs.
    """

    needs_boxes = True
    licence = "Apache-2.0"
    citation = "medbench; trained on mema-mini's train split"
    network: ClassVar[type[nn.Module]]
    outputs: ClassVar[int]

    def load(self, device: str = "cpu") -> None:
        """Read the weights of this repository.

        Raises:
            Unavailable: they are missing; the message names the command that trains them.
            MedbenchError: they are of another network.
        """
        path = find(self.name, self._remedy())
        self._device = device
        self._network = self.network()
        try:
            self._network.load_state_dict(load_safetensors(path))
        except RuntimeError as error:
            raise MedbenchError(f"{path} is of another network ({error}); {self._remedy()}") from None
        self._network.eval().requires_grad_(False).to(device)

    def fingerprint(self) -> str:
        """The weights' sha256, the crop and the version of this file."""
        return f"{self.name}:1:{EYE}:{sha256(find(self.name, self._remedy()))}"

    def look(self, images: Tensor, boxes: np.ndarray | None = None) -> dict[str, np.ndarray]:
        """See the class; without ``boxes`` all rows are NaN."""
        found = np.full((len(images), self.outputs), np.nan, np.float32)
        if boxes is not None:
            rows = np.flatnonzero(np.isfinite(boxes).all(axis=1))
            faces = images[torch.from_numpy(rows)].to(self._device).nan_to_num(0)
            places = torch.from_numpy(np.asarray(boxes, np.float32)[rows]).to(self._device)
            with torch.inference_mode():
                crops = paired_crops(faces, places)
                if len(rows):
                    found[rows] = self.read(self._network(crops).float()).cpu().numpy()
        return {self.produces[0]: found}

    def read(self, outputs: Tensor) -> Tensor:
        """Turn the network's outputs into the column."""
        return outputs

    def _remedy(self) -> str:
        return f"train them with: python -m medbench.metrics.evaluators.training {self.name}"
