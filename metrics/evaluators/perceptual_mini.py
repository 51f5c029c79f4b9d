"""How different two pictures look to a small network of this repository. It is not LPIPS."""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from medbench.metrics.evaluators.eye_networks import GazeNetwork
from medbench.metrics.evaluators.pair_evaluator import PairEvaluator
from medbench.metrics.evaluators.vision.sizes import at_common_size
from medbench.weights import find, load_safetensors, sha256

FILE = "gaze_mini"
#: Shorter side in pixels: at 256 this one figure would take a third of a method's whole pass.
SHORTER = 128
_EPSILON = 1e-10


class MiniPerceptual(PairEvaluator):
    """``perceptual_mini`` (B,) float32 in [0, 2]: 0 for equal pictures.

    The first three stages of gaze_mini's tower see both pictures whole. At each place the channels are
    brought to length one; the squared differences are averaged over places, then over stages. That
    is the way of LPIPS without its calibration by people: it ranks methods, and its value is like no
    other's.
    """

    name = "perceptual_mini"
    produces = ("perceptual_mini",)
    licence = "Apache-2.0"
    citation = "medbench; after Zhang et al., CVPR 2018, with the features of gaze_mini"

    def load(self, device: str = "cpu") -> None:
        """Read gaze_mini's weights; raises Unavailable where they are missing."""
        path = find(FILE)
        network = GazeNetwork()
        network.load_state_dict(load_safetensors(path))
        self._stages = network.tower.fine.eval().requires_grad_(False).to(device)
        self._device, self._sha256 = device, sha256(path)

    def fingerprint(self) -> str:
        """The weights' sha256, the size and the version of this file."""
        return f"{self.name}:1:{SHORTER}:{self._sha256}"

    def compare(self, originals: Tensor, images: Tensor) -> dict[str, np.ndarray]:
        """See the class."""
        with torch.inference_mode():
            pictures = (at_common_size(part.to(self._device), SHORTER) for part in (originals, images))
            left, right = (part * 4 - 2 for part in pictures)
            apart = torch.zeros(len(left), device=self._device)
            for stage in self._stages:
                left, right = stage(left), stage(right)
                apart += (_unit(left) - _unit(right)).square().sum(dim=1).mean(dim=(1, 2))
        return {"perceptual_mini": (apart / len(self._stages)).cpu().numpy()}


def _unit(maps: Tensor) -> Tensor:
    return F.normalize(maps, dim=1, eps=_EPSILON)


EVALUATOR = MiniPerceptual
