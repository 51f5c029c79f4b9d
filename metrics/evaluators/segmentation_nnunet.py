"""Where the tumour is, as the papers ask it: a trained nnU-Net v2."""

from __future__ import annotations

import numpy as np
from torch import Tensor

from medbench.environment import version_of
from medbench.metrics.evaluators.evaluator import Evaluator
from medbench.metrics.evaluators.nnunet.trained import ModelFolder
from medbench.metrics.evaluators.segmentation_masks import COLUMN, packed

#: What nnU-Net's reader of 2-D pictures says of each.
_SPACING = {"spacing": (999, 1, 1)}


class NnUNetSegmentation(Evaluator):
    """``tumour_mask`` (B, H, ceil(W / 8)) uint8, eight pixels to a byte: any class but background.

    The whole image is looked at, without a face box, by nnU-Net's own predictor: its
    preprocessing, sliding window, mirroring, and the mean of all trained folds.
    """

    name = "segmentation_nnunet"
    produces = (COLUMN,)
    automatic = False
    licence = "package Apache-2.0; the model as you trained it"
    citation = "Isensee et al., nnU-Net, Nature Methods 2021"

    def load(self, device: str = "cpu") -> None:
        """Read the model folder that was named.

        Raises:
            Unavailable: none was named, or the package is missing.
            MedbenchError: the folder is not whole, or a checkpoint is not safe to read.
        """
        self._folder = ModelFolder.chosen()
        self._predictor = self._folder.predictor(device)

    def fingerprint(self) -> str:
        """sha256 of the model folder, the package's version and the version of this file."""
        return f"{self.name}:1:nnunetv2 {version_of('nnunetv2')}:{self._digest()}"

    def look(self, images: Tensor, boxes: np.ndarray | None = None) -> dict[str, np.ndarray]:
        """See the class."""
        marked = np.zeros((len(images), images.shape[2], images.shape[3]), dtype=bool)
        eight_bit = (images.nan_to_num(0).clamp(0, 1) * 255).round().cpu().numpy().astype(np.float32)
        for row, image in enumerate(eight_bit):
            found = self._predictor.predict_single_npy_array(image[:, None], dict(_SPACING))
            marked[row] = np.asarray(found)[0] > 0
        return {COLUMN: packed(marked)}

    def _digest(self) -> str:
        if not hasattr(self, "_hash"):
            self._hash = self._folder.digest()
        return self._hash


EVALUATOR = NnUNetSegmentation
