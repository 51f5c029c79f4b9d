"""Detection by MTCNN, with the weights that facenet-pytorch carries."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import cv2
import numpy as np
import torch
from torch import Tensor

from medbench.core import Unavailable
from medbench.metrics.evaluators.dlib_models import eight_bit
from medbench.metrics.evaluators.evaluator import Evaluator
from medbench.metrics.evaluators.torchvision_shim import import_torchvision
from medbench.weights import FACES_REMEDY, find_verified, weight_files

LONGEST = 800
#: Faces smaller than this share of the picture's shorter side, and than 20 px, are not looked for.
SMALLEST_FACE, FEWEST_PIXELS = 0.15, 20
_FILES = ("mtcnn_pnet", "mtcnn_rnet", "mtcnn_onet")


class MtcnnDetector(Evaluator):
    """The largest face.

    ``mtcnn_detected`` (B,) bool; ``mtcnn_boxes`` (B, 4) float32 left, top, right, bottom in pixels;
    ``mtcnn_points`` (B, 5, 2): eyes, nose, mouth corners, image left first; NaN where none.
    """

    name = "detector_mtcnn"
    produces = ("mtcnn_detected", "mtcnn_boxes", "mtcnn_points")
    licence = "facenet-pytorch: MIT; weights: not stated"
    citation = "Zhang et al., Joint Face Detection and Alignment using MTCNN, IEEE SPL 2016"

    def load(self, device: str = "cpu") -> None:
        """Read the three networks, checked by sha256.

        Raises:
            Unavailable: facenet-pytorch or torchvision is missing.
        """
        import_torchvision()
        for name in _FILES:
            find_verified(name)
        try:
            from facenet_pytorch import MTCNN
        except ImportError as error:
            raise Unavailable(
                f"facenet-pytorch cannot be imported ({error}): {FACES_REMEDY} requests"
            ) from None
        self._network: Any = MTCNN(select_largest=True, device=torch.device(device)).eval()
        # A third faster on a CPU than with the channels apart.
        for stage in (self._network.pnet, self._network.rnet, self._network.onet):
            stage.to(memory_format=torch.channels_last)

    def fingerprint(self) -> str:
        """The three files' sha256, the settings and the version of this file."""
        hashes = [weight_files()[name].sha256[:20] for name in _FILES]
        return ":".join(["detector_mtcnn:2", f"{LONGEST}/{SMALLEST_FACE}/{FEWEST_PIXELS}", *hashes])

    def look(self, images: Tensor, boxes: np.ndarray | None = None) -> dict[str, np.ndarray]:
        """See the class; ``boxes`` are not used. One picture at a time: none depends on its neighbours."""
        found = np.full((len(images), 4), np.nan, np.float32)
        points = np.full((len(images), 5, 2), np.nan, np.float32)
        for row, image in enumerate(eight_bit(images)):
            self._look_at(image, found[row], points[row])
        return {"mtcnn_detected": ~np.isnan(found[:, 0]), "mtcnn_boxes": found, "mtcnn_points": points}

    def _look_at(self, image: np.ndarray, box: np.ndarray, points: np.ndarray) -> None:
        height, width = image.shape[:2]
        scale = min(1.0, LONGEST / max(height, width))
        if scale < 1:
            size = (max(1, round(width * scale)), max(1, round(height * scale)))
            image = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
        # The package turns it round again: its channels lie apart, which its shrinking likes best.
        pixels = torch.from_numpy(image).permute(2, 0, 1).contiguous().permute(1, 2, 0)[None]
        self._network.min_face_size = max(FEWEST_PIXELS, SMALLEST_FACE * min(image.shape[:2]))
        # Its later stages fail on pictures in which the first leaves no candidate.
        with suppress(RuntimeError, ValueError, IndexError), torch.inference_mode():
            candidates, _, corners = self._network.detect(pixels, landmarks=True)
            if candidates[0] is not None:
                box[:] = np.asarray(candidates[0][0], np.float32) / scale
                points[:] = np.asarray(corners[0][0], np.float32) / scale


EVALUATOR = MtcnnDetector
