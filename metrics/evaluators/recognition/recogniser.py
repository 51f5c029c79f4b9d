"""What the official recognisers have in common: cut a face out, embed it, bring the embedding to length 1."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from medbench.core import MedbenchError
from medbench.metrics.evaluators.dlib_models import eight_bit
from medbench.metrics.evaluators.evaluator import Evaluator
from medbench.metrics.evaluators.recognition.cutting import Cutter
from medbench.metrics.evaluators.vision.state_file import read_state
from medbench.weights import find_verified, sha256

EMBEDDING = 512


class Recogniser(Evaluator):
    """``identity`` (B, F) float32 of length 1; NaN where there is no box.

    Two faces at right angles are sqrt(2) apart. A subclass names its weights, its network, and how a
    face enters: the cutter, ``(pixel - mean) / std``, and whether blue comes first.
    """

    needs_boxes = True
    weights: ClassVar[str]
    network: ClassVar[type[nn.Module]]
    cutter: Cutter
    mean: float = 127.5
    std: float = 128.0
    blue_first: bool = False

    def load(self, device: str = "cpu") -> None:
        """Read the official weight file.

        Raises:
            Unavailable: it is not here; the message is the line that gets it.
            MedbenchError: it is damaged, or of another network.
        """
        path = find_verified(self.weights)
        self._device, self._sha256, self.features = device, sha256(path), EMBEDDING
        self._network = self.network()
        fill(self._network, read_state(path), path, self.weights)
        self._network.eval().requires_grad_(False).to(device)

    def fingerprint(self) -> str:
        """The weights' sha256, the cut, the range, and the version of this file."""
        entry = f"{self.mean}/{self.std}/{'bgr' if self.blue_first else 'rgb'}"
        return f"{self.name}:1:{self.cutter.settings}:{entry}:{self._sha256}"

    def look(self, images: Tensor, boxes: np.ndarray | None = None) -> dict[str, np.ndarray]:
        """See the class; without ``boxes`` all rows are NaN."""
        found: np.ndarray = np.full((len(images), self.features), np.nan, np.float32)
        rows, faces = [], []
        for row, image in enumerate(eight_bit(images) if boxes is not None else ()):
            assert boxes is not None
            face = self.cutter.cut(image, boxes[row])
            if face is not None:
                rows.append(row)
                faces.append(face)
        if faces:
            found[rows] = functional.normalize(self.embed(self.entry(np.stack(faces)))).cpu().numpy()
        return {"identity": found}

    def entry(self, faces: np.ndarray) -> Tensor:
        """Turn uint8 RGB faces (B, H, W, 3) into what the network takes, (B, 3, H, W) float32."""
        ordered = faces[..., ::-1] if self.blue_first else faces
        pixels = torch.from_numpy(np.ascontiguousarray(ordered)).permute(0, 3, 1, 2).float()
        return (pixels - self.mean) / self.std

    def embed(self, pixels: Tensor) -> Tensor:
        """Run the network: (B, 3, H, W) -> (B, F)."""
        with torch.inference_mode():
            found: Tensor = self._network(pixels.to(self._device))
        return found.float()


def fill(network: nn.Module, saved: Mapping[str, Tensor], path: Path, name: str) -> None:
    """Give ``network`` the parameters of a published file.

    Among them may be what trainings leave: names that begin with ``backbone.``, and the classifier,
    whose names the network lists as its ``head``.

    Raises:
        MedbenchError: the file is of another network.
    """
    head = tuple(getattr(network, "head", ()))
    state = {key.removeprefix("backbone."): value for key, value in saved.items() if not key.startswith(head)}
    try:
        network.load_state_dict(state)
    except RuntimeError as error:
        reason = " ".join(str(error).split())[:200]
        raise MedbenchError(
            f"{path} is not of {type(network).__name__} ({reason} …); give the authors' file: "
            f"medbench weights add --replace {name} FILE"
        ) from None
