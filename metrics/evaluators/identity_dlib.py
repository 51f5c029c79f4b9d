"""Identity: dlib's 128-D descriptor, its network read into torch."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from medbench.metrics.evaluators.dlib_models import Landmarker, eight_bit, landmarker
from medbench.metrics.evaluators.dlib_resnet import CHIP, EMBEDDING, DlibResnet
from medbench.metrics.evaluators.evaluator import Evaluator
from medbench.weights import find_verified, weight_files

PADDING = 0.25


class DlibIdentity(Evaluator):
    """``identity`` (B, 128) float32; smaller Euclidean distance, same person. NaN where there is no box.

    The face is cut out as dlib does (150 px, padding 0.25) by the 68 landmarks that dlib sees in
    *this* image inside the box that was found on the original.
    """

    name = "identity_dlib"
    produces = ("identity",)
    needs_boxes = True
    licence = "network CC0 (dlib-models); landmarks trained on iBUG 300-W: no commercial use"
    citation = "King, High Quality Face Recognition with Deep Metric Learning, 2017; JMLR 2009"

    def load(self, device: str = "cpu") -> None:
        """Read the shape predictor and the network, checked by sha256."""
        self._landmarker: Landmarker = landmarker()
        self._device = device
        self._network = DlibResnet(find_verified("dlib_descriptor")).eval().to(device)

    def fingerprint(self) -> str:
        """Both files' sha256, the crop, and the version of this file."""
        files = weight_files()
        hashes = [files[name].sha256 for name in ("dlib_descriptor", "dlib_landmarks_68")]
        return ":".join(["identity_dlib:1", f"{CHIP}/{PADDING}", *hashes])

    def look(self, images: Tensor, boxes: np.ndarray | None = None) -> dict[str, np.ndarray]:
        """See the class; without ``boxes`` all rows are NaN."""
        found = np.full((len(images), EMBEDDING), np.nan, np.float32)
        rows, chips = [], []
        for row, image in enumerate(eight_bit(images) if boxes is not None else ()):
            assert boxes is not None
            chip = self.chip(image, boxes[row])
            if chip is not None:
                rows.append(row)
                chips.append(chip)
        if chips:
            pixels = torch.from_numpy(np.stack(chips)).permute(0, 3, 1, 2).to(self._device).float()
            with torch.inference_mode():
                found[rows] = self._network(pixels).cpu().numpy()
        return {"identity": found}

    def chip(self, image: np.ndarray, box: np.ndarray) -> np.ndarray | None:
        """Return the aligned face (150, 150, 3) of a uint8 RGB image, None where the box is NaN."""
        shape = self._landmarker.shape(image, box)
        if shape is None:
            return None
        return np.asarray(self._landmarker.dlib.get_face_chip(image, shape, size=CHIP, padding=PADDING))


EVALUATOR = DlibIdentity
