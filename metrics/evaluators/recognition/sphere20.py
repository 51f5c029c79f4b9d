"""SphereFace-20 (``sphere20a`` of github.com/clcarwin/sphereface_pytorch), with its parameters' names."""

from __future__ import annotations

from torch import Tensor, nn

#: Height and width of the aligned face.
SIZE = (112, 96)
#: Channels and convolutions of the four stages; the first convolution of each halves the picture.
_STAGES = ((64, 3), (128, 5), (256, 9), (512, 3))


class Sphere20(nn.Module):
    """Twenty layers without batch normalisation: BGR (B, 3, 112, 96) in about [-1, 1] -> (B, 512)."""

    #: The angular classifier of the training.
    head = ("fc6.",)

    def __init__(self) -> None:
        super().__init__()
        before = 3
        for stage, (width, layers) in enumerate(_STAGES, start=1):
            for layer in range(1, layers + 1):
                stride = 2 if layer == 1 else 1
                self.add_module(f"conv{stage}_{layer}", nn.Conv2d(before, width, 3, stride, 1))
                self.add_module(f"relu{stage}_{layer}", nn.PReLU(width))
                before = width
        self.fc5 = nn.Linear(512 * 7 * 6, 512)

    def forward(self, faces: Tensor) -> Tensor:
        """Embed aligned faces."""
        seen = faces
        for stage, (_, layers) in enumerate(_STAGES, start=1):
            seen = self._layer(stage, 1, seen)
            for layer in range(2, layers, 2):
                seen = seen + self._layer(stage, layer + 1, self._layer(stage, layer, seen))
        found: Tensor = self.fc5(seen.flatten(1))
        return found

    def _layer(self, stage: int, layer: int, seen: Tensor) -> Tensor:
        name = f"{stage}_{layer}"
        found: Tensor = self.get_submodule(f"relu{name}")(self.get_submodule(f"conv{name}")(seen))
        return found
