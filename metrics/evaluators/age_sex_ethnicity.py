"""Age, sex and ethnicity as DeepFace sees them, through its package, with verified weight files."""

from __future__ import annotations

import importlib
from typing import Any

import numpy as np
from torch import Tensor

from medbench.core import MedbenchError, Unavailable
from medbench.metrics.evaluators.dlib_models import eight_bit
from medbench.metrics.evaluators.evaluator import Evaluator
from medbench.weights import find_verified, sha256

REMEDY = "pip install --no-deps deepface==0.0.103, then: pip install gdown onnxruntime"
#: The column, the package's class, and the weight file's name.
_PARTS = {
    "age": ("Age.ApparentAgeClient", "deepface_age"),
    "sex": ("Gender.GenderClient", "deepface_gender"),
    "ethnicity": ("Race.RaceClient", "deepface_race"),
}
SEXES = ("Woman", "Man")
ETHNICITIES = ("asian", "indian", "black", "white", "middle eastern", "latino hispanic")
_SIDE = 224


class DeepfaceAttributes(Evaluator):
    """What DeepFace says of the face in the original's box; NaN where there is none.

    ``age`` (B,) float32, years; ``sex`` (B, 2), chances in the order of ``SEXES``; ``ethnicity``
    (B, 6), chances in the order of ``ETHNICITIES``. These are DeepFace's classes, not ours: they are
    good for comparing a set of faces with another one, and say nothing sure of a person.

    The package is given medbench's own files: by itself it would download others on first use.
    """

    name = "age_sex_ethnicity"
    produces = ("age", "sex", "ethnicity")
    needs_boxes = True
    automatic = False
    licence = "MIT (DeepFace); weights fine-tuned from VGG-Face: research only"
    citation = "Serengil & Ozpinar, HyperExtended LightFace, ICEET 2021"

    def load(self, device: str = "cpu") -> None:
        """Open the three graphs; they run on the CPU whatever ``device`` says.

        Raises:
            Unavailable: the package or a weight file is missing.
            MedbenchError: a weight file is damaged.
        """
        try:
            import onnxruntime

            self._resize = importlib.import_module("deepface.modules.preprocessing").resize_image
            kinds = {column: _kind(path) for column, (path, _) in _PARTS.items()}
        except ImportError as error:
            raise Unavailable(f"DeepFace cannot be used ({error}): {REMEDY}") from None
        self._models: dict[str, Any] = {}
        self._hashes = []
        for column, (_, name) in _PARTS.items():
            path = find_verified(name)
            try:
                session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
            except Exception as error:
                raise MedbenchError(
                    f"{path} is no ONNX graph that can be run: {error}; medbench weights fetch {name}"
                ) from None
            self._models[column] = _client(kinds[column], session)
            self._hashes.append(sha256(path)[:20])

    def fingerprint(self) -> str:
        """The files' sha256, and the version of this file."""
        return ":".join([f"{self.name}:1", *self._hashes])

    def look(self, images: Tensor, boxes: np.ndarray | None = None) -> dict[str, np.ndarray]:
        """See the class; without ``boxes`` all rows are NaN. One face at a time, as the graphs want it."""
        count = len(images)
        found: dict[str, np.ndarray] = {
            "age": np.full(count, np.nan, np.float32),
            "sex": np.full((count, len(SEXES)), np.nan, np.float32),
            "ethnicity": np.full((count, len(ETHNICITIES)), np.nan, np.float32),
        }
        for row, image in enumerate(eight_bit(images) if boxes is not None else ()):
            assert boxes is not None
            face = _face(image, boxes[row])
            if face is not None:
                entered = self._resize(img=face, target_size=(_SIDE, _SIDE))
                for column, model in self._models.items():
                    found[column][row] = model.predict(entered)
        return found


def _face(image: np.ndarray, box: np.ndarray) -> np.ndarray | None:
    """The box cut out of a uint8 RGB picture, BGR in [0, 1] as the package's own cutting gives it."""
    if not np.isfinite(box).all():
        return None
    height, width = image.shape[:2]
    left, top, right, bottom = (int(edge) for edge in np.clip(box, 0, (width, height, width, height)))
    face = image[top:bottom, left:right, ::-1] / 255
    return None if 0 in face.shape else face


def _kind(path: str) -> Any:
    module, _, name = path.partition(".")
    return getattr(importlib.import_module(f"deepface.models.demography.onnx.{module}"), name)


def _client(kind: Any, session: Any) -> Any:
    """An object of the package's class that runs our session: its own constructor would download."""
    client = kind.__new__(kind)
    client.model_name, client.model = kind.__name__, session
    return client


EVALUATOR = DeepfaceAttributes
