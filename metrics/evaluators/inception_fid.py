"""What FID and KID are computed on: Inception-v3's pooled features, as the original FID has them."""

from __future__ import annotations

import importlib
import io
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from medbench.core import MedbenchError, Unavailable
from medbench.metrics.evaluators.evaluator import Evaluator
from medbench.metrics.evaluators.torchvision_shim import import_torchvision
from medbench.metrics.evaluators.vision.state_file import read_state
from medbench.weights import find_verified, sha256

REMEDY = "pip install --no-deps torch-fidelity==0.4.0 tqdm"
_FILE = "inception_fid"


class InceptionFid(Evaluator):
    """``inception`` (B, 2048): the network of Heusel et al. 2017 through the package torch-fidelity.

    Pictures are rounded to 8 bits and brought to 299 x 299 as TensorFlow 1 does; that is part of FID.
    """

    name = "inception_fid"
    produces = ("inception",)
    automatic = False
    licence = "Apache-2.0 (weights and torch-fidelity); trained on ImageNet, research only"
    citation = "Szegedy et al., CVPR 2016; Heusel et al., NeurIPS 2017; torch-fidelity 0.4"

    def load(self, device: str = "cpu") -> None:
        """Read the weight file.

        Raises:
            Unavailable: file or package is missing; the message is the line that gets it.
            MedbenchError: the file is of another network.
        """
        path = find_verified(_FILE)
        self._network = _network(path).to(device)
        self._device, self._sha256 = device, sha256(path)

    def fingerprint(self) -> str:
        """The file's sha256 and the version of this file."""
        return f"{self.name}:1:{self._sha256}"

    def look(self, images: Tensor, boxes: np.ndarray | None = None) -> dict[str, np.ndarray]:
        """See the class; whole pictures, so that ``boxes`` are not asked for."""
        eight_bit = (images.to(self._device) * 255).round().clamp(0, 255).to(torch.uint8)
        with torch.inference_mode():
            (features,) = self._network(eight_bit)
        return {"inception": features.float().cpu().numpy()}


def _network(path: Path) -> Any:
    import_torchvision()
    try:
        module = importlib.import_module("torch_fidelity.feature_extractor_inceptionv3")
    except ImportError as error:
        raise Unavailable(f"torch_fidelity cannot be imported ({error}): {REMEDY}") from None
    # The package would unpickle whatever the file holds: it gets a file that was written here, of
    # nothing but the tensors that were read safely.
    clean = io.BytesIO()
    torch.save(read_state(path), clean)
    clean.seek(0)
    try:
        return module.FeatureExtractorInceptionV3(_FILE, ["2048"], feature_extractor_weights_path=clean)
    except RuntimeError as error:
        first = str(error).splitlines()[0]
        raise MedbenchError(
            f"{path} is not FID's Inception-v3 ({first}); give the file that FID uses"
        ) from None


EVALUATOR = InceptionFid
