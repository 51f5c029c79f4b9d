"""Identity by any recogniser in an ONNX file."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from medbench.core import MedbenchError, Unavailable
from medbench.metrics.evaluators.recognition.cutting import ARCFACE, BoxCutter, PointsCutter
from medbench.metrics.evaluators.recognition.recogniser import Recogniser
from medbench.weights import find_verified, sha256

#: The environment variable that names a file in place of the one in the weights' store.
PATH = "MEDBENCH_ONNX_RECOGNISER"
_SETTINGS: dict[str, Any] = {"mean": 127.5, "std": 127.5, "blue_first": False, "alignment": "points"}


class OnnxIdentity(Recogniser):
    """``identity`` (B, F) of length 1 from the graph's only output; input (B or 1, 3, H, W).

    A face enters as insightface's graphs want it: aligned to ArcFace's template, RGB,
    ``(pixel - 127.5) / 127.5``. A JSON file beside the graph, of the same stem, may say otherwise:
    ``mean``, ``std``, ``blue_first``, ``alignment`` ("points" or "box").
    """

    name = "identity_onnx"
    produces = ("identity",)
    automatic = False
    licence = "as the file's authors have it"
    citation = "as the file's authors have it"
    weights = "onnx_recogniser"

    def load(self, device: str = "cpu") -> None:
        """Open the graph.

        Raises:
            Unavailable: onnxruntime or the file is missing.
            MedbenchError: the file is no such graph, or its settings cannot be read.
        """
        try:
            import onnxruntime
        except ImportError:
            raise Unavailable("onnxruntime is not installed: pip install onnxruntime") from None
        path = self._path()
        wanted = ["CUDAExecutionProvider"] if device.startswith("cuda") else []
        there = onnxruntime.get_available_providers()
        providers = [name for name in (*wanted, "CPUExecutionProvider") if name in there]
        try:
            self._session: Any = onnxruntime.InferenceSession(str(path), providers=providers)
        except Exception as error:
            raise MedbenchError(f"{path} is no ONNX graph that can be run: {error}; give another") from None
        self._device, self._sha256 = "cpu", sha256(path)
        inputs, outputs = self._session.get_inputs(), self._session.get_outputs()
        shape = inputs[0].shape
        if len(inputs) != 1 or len(outputs) != 1 or len(shape) != 4 or shape[1] != 3:
            raise MedbenchError(f"{path} does not take faces (B, 3, H, W) to one output; give another")
        height, width = (side if isinstance(side, int) else 112 for side in shape[2:])
        self._one_by_one = shape[0] == 1
        self._configure(path.with_suffix(".json"), width, height)
        self.features = self.embed(torch.zeros(1, 3, height, width)).shape[1]

    def embed(self, pixels: Tensor) -> Tensor:
        """Run the graph, face by face where it takes one alone."""
        name = self._session.get_inputs()[0].name
        parts = pixels.split(1) if self._one_by_one else (pixels,)
        found = [self._session.run(None, {name: part.numpy()})[0].reshape(len(part), -1) for part in parts]
        return torch.from_numpy(np.concatenate(found)).float()

    def _path(self) -> Path:
        given = os.environ.get(PATH)
        if not given:
            return find_verified(self.weights)
        if not Path(given).is_file():
            raise Unavailable(f"{given}, which {PATH} names, is no file; name an ONNX file there")
        return Path(given)

    def _configure(self, file: Path, width: int, height: int) -> None:
        said: dict[str, Any] = {}
        if file.is_file():
            try:
                said = json.loads(file.read_text(encoding="utf-8"))
                if unknown := said.keys() - _SETTINGS.keys():
                    raise ValueError(f"unknown: {', '.join(sorted(unknown))}")
            except (ValueError, AttributeError) as error:
                raise MedbenchError(f"{file}: {error}; it may say {', '.join(_SETTINGS)}") from None
        settings = _SETTINGS | said
        self.mean, self.std = float(settings["mean"]), float(settings["std"])
        self.blue_first = bool(settings["blue_first"])
        if settings["alignment"] == "box":
            if width != height:
                raise MedbenchError(f"{file}: the alignment 'box' is for squares, not {width} x {height}")
            self.cutter = BoxCutter(width)
        else:
            self.cutter = PointsCutter(template_of(width), width, height)


def template_of(width: int) -> tuple[tuple[float, float], ...]:
    """ArcFace's template for a face of that width; multiples of 128 keep a margin, as insightface's do."""
    if width % 112 and width % 128 == 0:
        return tuple((width / 128 * (x + 8), width / 128 * y) for x, y in ARCFACE)
    return tuple((width / 112 * x, width / 112 * y) for x, y in ARCFACE)


EVALUATOR = OnnxIdentity
