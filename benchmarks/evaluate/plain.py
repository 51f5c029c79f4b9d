"""The plain script: each package is called image by image, as its README or example shows.

dlib: its face_recognition.py example (detector with one upsampling, shape predictor, face
recognition model). facenet-pytorch: ``mtcnn.detect(img, landmarks=True)`` with its defaults.
scikit-image: ``structural_similarity`` and ``peak_signal_noise_ratio``. The small networks of this
repository have no package: they see one picture at a time.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from skimage.metrics import peak_signal_noise_ratio, structural_similarity

from medbench.metrics.evaluators.dlib_models import import_dlib
from medbench.metrics.evaluators.torchvision_shim import import_torchvision
from medbench.registry import Registry
from medbench.weights import find_verified

SMALL = ("diagnosis_mini", "gaze_mini", "side_mini", "segmentation_mini")
Row = dict[str, Any]


class Plain:
    """All packages, loaded."""

    def __init__(self) -> None:
        import_torchvision()
        from facenet_pytorch import MTCNN

        dlib = import_dlib()
        self.detector = dlib.get_frontal_face_detector()
        self.predictor = dlib.shape_predictor(str(find_verified("dlib_landmarks_68")))
        self.recogniser = dlib.face_recognition_model_v1(str(find_verified("dlib_descriptor")))
        self.rectangle = dlib.rectangle
        self.mtcnn = MTCNN()
        self.small = [self._loaded(name) for name in SMALL]
        self.perceptual = self._loaded("perceptual_mini")

    @staticmethod
    def _loaded(name: str) -> Any:
        evaluator = Registry("evaluators").get(name)()
        evaluator.load("cpu")
        return evaluator

    def look(self, image: np.ndarray, box: np.ndarray | None = None) -> Row:
        """See one uint8 picture (H, W, 3); faces are looked for, and ``box`` used where it is given."""
        found = self.detector(image, 1)
        row: Row = {"hog": bool(found), "mtcnn": self.mtcnn.detect(image, landmarks=True)[0] is not None}
        if box is None and found:
            best = max(found, key=lambda r: r.area())
            box = np.array([best.left(), best.top(), best.right(), best.bottom()], np.float32)
        row["box"] = box
        if box is not None:
            shape = self.predictor(image, self.rectangle(*(int(v) for v in box)))
            row["landmarks"] = np.array([(part.x, part.y) for part in shape.parts()])
            row["identity"] = np.array(self.recogniser.compute_face_descriptor(image, shape))
            pixels = _floats(image)
            for evaluator in self.small:
                row |= {name: column[0] for name, column in evaluator.look(pixels, box[None]).items()}
        return row

    def compare(self, original: np.ndarray, protected: np.ndarray) -> Row:
        """What is said of both pictures together."""
        return {
            "ssim": structural_similarity(original, protected, channel_axis=2),
            "psnr": peak_signal_noise_ratio(original, protected),
            **self.perceptual.compare(_floats(original), _floats(protected)),
        }


def _floats(image: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(image).permute(2, 0, 1)[None].float() / 255


def look_at_all(read: Callable[[], list[tuple[np.ndarray, np.ndarray]]]) -> list[tuple[Row, Row, Row]]:
    """The script's loop over pairs of original and protected pictures."""
    plain = Plain()
    rows = []
    for original, protected in read():
        first = plain.look(original)
        rows.append((first, plain.look(protected, first["box"]), plain.compare(original, protected)))
    return rows
