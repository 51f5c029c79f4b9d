"""Where the tumour is: a small U-Net on both eyes."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from medbench.core import MedbenchError
from medbench.metrics.evaluators.evaluator import Evaluator
from medbench.metrics.evaluators.eye_crops import paired_crops
from medbench.metrics.evaluators.segmentation_field import FIELD, spread
from medbench.metrics.evaluators.segmentation_masks import COLUMN, packed
from medbench.metrics.evaluators.segmentation_network import TumourNetwork
from medbench.weights import find, load_safetensors, sha256

_REMEDY = "train them with: python -m medbench.metrics.evaluators.training segmentation_mini"


class MiniSegmentation(Evaluator):
    """``tumour_mask`` (B, H, ceil(W / 8)) uint8: eight pixels to a byte, all zeros where there is no box.

    It looks at the surroundings of both eyes, found by the face box; elsewhere nothing is marked.
    """

    name = "segmentation_mini"
    produces = (COLUMN,)
    needs_boxes = True
    licence = "Apache-2.0"
    citation = "medbench; trained on mema-mini's train split"

    def load(self, device: str = "cpu") -> None:
        """Read the weights of this repository.

        Raises:
            Unavailable: they are missing; the message names the command that trains them.
            MedbenchError: they are of another network.
        """
        path = find(self.name, _REMEDY)
        self._device = device
        self._network = TumourNetwork()
        try:
            self._network.load_state_dict(load_safetensors(path))
        except RuntimeError as error:
            raise MedbenchError(f"{path} is of another network ({error}); {_REMEDY}") from None
        self._network.eval().requires_grad_(False).to(device)

    def fingerprint(self) -> str:
        """The weights' sha256, the field of view and the version of this file."""
        return f"{self.name}:1:{FIELD}:{sha256(find(self.name, _REMEDY))}"

    def look(self, images: Tensor, boxes: np.ndarray | None = None) -> dict[str, np.ndarray]:
        """See the class; without ``boxes`` nothing is marked."""
        size = (images.shape[2], images.shape[3])
        marked = np.zeros((len(images), *size), dtype=bool)
        rows = np.zeros(0, int) if boxes is None else np.flatnonzero(np.isfinite(boxes).all(axis=1))
        if boxes is not None and len(rows):
            faces = images[torch.from_numpy(rows)].to(self._device).nan_to_num(0)
            places = torch.from_numpy(np.asarray(boxes, np.float32)[rows]).to(self._device)
            with torch.inference_mode():
                marked[rows] = self._mark(faces, places).cpu().numpy()
        return {COLUMN: packed(marked)}

    def _mark(self, faces: Tensor, boxes: Tensor) -> Tensor:
        crops = paired_crops(faces, boxes, FIELD).flatten(0, 1)
        said = self._network(crops).float().sigmoid().unflatten(0, (-1, 2))
        size = (faces.shape[2], faces.shape[3])
        return spread(said, boxes, size) >= self._network.threshold


EVALUATOR = MiniSegmentation
