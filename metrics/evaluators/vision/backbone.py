"""A backbone and the pictures that enter it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from medbench.core import MedbenchError
from medbench.metrics.evaluators.dlib_models import eight_bit
from medbench.metrics.evaluators.evaluator import Evaluator
from medbench.metrics.evaluators.vision.feature_network import FeatureNetwork
from medbench.metrics.evaluators.vision.pictures import CROP, SHORTER, middle_square, normalised
from medbench.metrics.evaluators.vision.resnet import ResNet50
from medbench.metrics.evaluators.vision.state_file import read_state
from medbench.metrics.evaluators.vision.vit import build_vit
from medbench.metrics.evaluators.vision.vit_names import in_our_names
from medbench.weights import find_verified, sha256


@dataclass(frozen=True)
class Backbone:
    """A weight file by name, and what builds its network from its tensors."""

    file: str
    build: Callable[[Mapping[str, Tensor]], FeatureNetwork]


def transformer(width: int, depth: int) -> Callable[[Mapping[str, Tensor]], FeatureNetwork]:
    """Build a vision transformer out of any publisher's names; refuses one of another size."""

    def build(state: Mapping[str, Tensor]) -> FeatureNetwork:
        network = build_vit(in_our_names(state))
        shape = network.shape
        if (shape.width, shape.depth) != (width, depth):
            raise MedbenchError(
                f"these weights have {shape.depth} blocks {shape.width} wide, not {depth} blocks {width} wide"
            )
        return network

    return build


def resnet50(state: Mapping[str, Tensor]) -> FeatureNetwork:
    """Build ResNet-50 out of torchvision's or timm's file; its classifier is left out."""
    network = ResNet50()
    try:
        network.load_state_dict({n: t for n, t in state.items() if not n.startswith("fc.")})
    except RuntimeError as error:
        raise MedbenchError(f"these are no weights of a ResNet-50 ({error})") from None
    return network


class BackboneFeatures(Evaluator):
    """``features`` (B, F) float32 of whole pictures: shorter side 256 px, middle 224 px.

    No box is needed, and every role of a sample is cropped alike.
    """

    name = "backbone_features"
    produces = ("features",)
    automatic = False

    def __init__(self, backbone: Backbone) -> None:
        self.backbone = backbone

    def load(self, device: str = "cpu") -> None:
        """Read the official file.

        Raises:
            Unavailable: it is not here; the message is the line that gets it.
            MedbenchError: it is of another network.
        """
        path = find_verified(self.backbone.file)
        self.sha256, self.device = sha256(path), device
        try:
            self.network = self.backbone.build(read_state(path))
        except MedbenchError as error:
            raise MedbenchError(
                f"{path} is not {self.backbone.file}: {error}; give the right file: "
                f"medbench weights add --replace {self.backbone.file} FILE"
            ) from None
        self.network.eval().requires_grad_(False).to(device)

    def fingerprint(self) -> str:
        """The weights' sha256, the sizes and the version of this file."""
        return f"{self.backbone.file}:1:{SHORTER}/{CROP}:{self.sha256}"

    def look(self, images: Tensor, boxes: np.ndarray | None = None) -> dict[str, np.ndarray]:
        """See the class; ``boxes`` are not used."""
        with torch.inference_mode():
            return {"features": self.read(images).cpu().numpy()}

    def read(self, images: Tensor) -> Tensor:
        """Features (B, F) of float RGB (B, 3, H, W) in [0, 1]."""
        if not len(images):
            return torch.zeros(0, self.network.features, device=self.device)
        squares = [middle_square(Image.fromarray(image)) for image in eight_bit(images)]
        found: Tensor = self.network(normalised(squares).to(self.device))
        return found.float()
