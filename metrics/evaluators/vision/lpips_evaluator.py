"""What the three LPIPS evaluators have in common."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
import torch
from torch import Tensor

from medbench.core import MedbenchError
from medbench.metrics.evaluators.pair_evaluator import PairEvaluator
from medbench.metrics.evaluators.vision.lpips_network import VERSION, linear_layers, lpips_network
from medbench.metrics.evaluators.vision.sizes import SHORTER, at_common_size
from medbench.metrics.evaluators.vision.state_file import read_state
from medbench.weights import find_verified, sha256


class LpipsEvaluator(PairEvaluator):
    """``lpips`` (B,) float32: 0 for equal pictures; the shorter side is brought to 256 px before."""

    produces = ("lpips",)
    automatic = False
    net: ClassVar[str]
    file: ClassVar[str]

    def load(self, device: str = "cpu") -> None:
        """Read the backbone's file, and the linear layers that come with the package.

        Raises:
            Unavailable: file or package is missing; the message is the line that gets it.
            MedbenchError: the file is of another network.
        """
        path = find_verified(self.file)
        try:
            self._network = lpips_network(self.net, read_state(path)).to(device)
        except MedbenchError as error:
            raise type(error)(f"{path}: {error}") from None
        self._device = device
        self._hashes = f"{sha256(path)}:{sha256(linear_layers(self.net))}"

    def fingerprint(self) -> str:
        """Both files' sha256, LPIPS's version, the size and the version of this file."""
        return f"{self.name}:1:v{VERSION}:{SHORTER}:{self._hashes}"

    def compare(self, originals: Tensor, images: Tensor) -> dict[str, np.ndarray]:
        """See the class."""
        with torch.inference_mode():
            left, right = (at_common_size(part.to(self._device)) for part in (originals, images))
            apart = self._network(left, right, normalize=True)
        return {"lpips": apart.flatten().cpu().numpy()}
