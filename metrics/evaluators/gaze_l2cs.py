"""Where the person looks, by L2CS-Net, as the papers measure it."""

from __future__ import annotations

import cv2
import numpy as np
import torch
from PIL import Image
from torch import Tensor

from medbench.core import MedbenchError
from medbench.metrics.evaluators.dlib_models import eight_bit
from medbench.metrics.evaluators.evaluator import Evaluator
from medbench.metrics.evaluators.vision.l2cs import L2cs
from medbench.metrics.evaluators.vision.pictures import normalised
from medbench.metrics.evaluators.vision.state_file import read_state
from medbench.weights import find_verified, sha256

FILE = "l2cs_gaze360"
#: The face is cut to the first size and then enlarged to the second (upstream's pipeline.py, utils.py).
FIRST, ENTERED = 224, 448


class L2csGaze(Evaluator):
    """``gaze`` (B, 2) float32: pitch and yaw in degrees, camera axes; NaN where there is no box.

    Pitch > 0 looks up, yaw > 0 to the image's right. The face is the box that was found on the
    original image; upstream takes RetinaFace's, which is much the same, and without margin, too.
    """

    name = "gaze_l2cs"
    produces = ("gaze",)
    needs_boxes = True
    automatic = False
    licence = "MIT; weights trained on Gaze360: research only"
    citation = "Abdelrahman et al., L2CS-Net: Fine-Grained Gaze Estimation, 2022"

    def load(self, device: str = "cpu") -> None:
        """Read the official weight file of Gaze360.

        Raises:
            Unavailable: it is not here; the message says what gets it.
            MedbenchError: it is of another network, such as the 28 bins of MPIIGaze.
        """
        path = find_verified(FILE)
        self._device, self._sha256 = device, sha256(path)
        self._network = L2cs()
        try:
            self._network.load_state_dict(read_state(path))
        except RuntimeError as error:
            raise MedbenchError(
                f"{path} is not L2CS-Net's ResNet-50 of Gaze360 ({error}); give that one: "
                f"medbench weights add --replace {FILE} FILE"
            ) from None
        self._network.eval().requires_grad_(False).to(device)

    def fingerprint(self) -> str:
        """The weights' sha256, the sizes and the version of this file."""
        return f"{self.name}:1:{FIRST}/{ENTERED}:{self._sha256}"

    def look(self, images: Tensor, boxes: np.ndarray | None = None) -> dict[str, np.ndarray]:
        """See the class; without ``boxes`` all rows are NaN."""
        found = np.full((len(images), 2), np.nan, np.float32)
        rows, faces = [], []
        for row, image in enumerate(eight_bit(images) if boxes is not None else ()):
            assert boxes is not None
            face = cut_face(image, boxes[row])
            if face is not None:
                rows.append(row)
                faces.append(face)
        if faces:
            with torch.inference_mode():
                found[rows] = self._network(normalised(faces).to(self._device)).cpu().numpy()
        return {"gaze": found}


def cut_face(image: np.ndarray, box: np.ndarray) -> Image.Image | None:
    """Cut the face out of a uint8 RGB image, to 448 x 448 as upstream does; None where there is none."""
    if not np.isfinite(box).all():
        return None
    height, width = image.shape[:2]
    left, top, right, bottom = (int(edge) for edge in box)
    face = image[max(top, 0) : min(bottom, height), max(left, 0) : min(right, width)]
    if 0 in face.shape:
        return None
    small = cv2.resize(face, (FIRST, FIRST))
    return Image.fromarray(small).resize((ENTERED, ENTERED), Image.Resampling.BILINEAR)


EVALUATOR = L2csGaze
