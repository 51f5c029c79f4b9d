"""Cases of networks: ours in torch beside the implementation that the weights were made for."""

from __future__ import annotations

import functools

import numpy as np

from benchmarks.compared.case import NETWORK, Case
from benchmarks.compared.world import generator


def cases() -> list[Case]:
    """See the module."""
    name = "face_recognition_model_v1"
    return [
        Case(
            "dlib's descriptor, first of 128",
            "dlib",
            name,
            lambda: _descriptors()[0][0],
            lambda: _descriptors()[1][0],
            NETWORK,
        ),
        Case(
            "dlib's descriptor, largest gap",
            "dlib",
            name,
            lambda: np.ptp([*_descriptors()], axis=0).max(),
            lambda: 0.0,
            NETWORK,
        ),
        Case(
            "LPIPS on AlexNet",
            "torchmetrics",
            "image.lpips",
            lambda: _lpips()[0],
            lambda: _lpips()[1],
            NETWORK,
        ),
    ]


@functools.cache
def _descriptors() -> tuple[np.ndarray, np.ndarray]:
    """Ours and dlib's (128,) of one seeded picture of 150 x 150."""
    import dlib
    import torch

    from medbench.metrics.evaluators.dlib_resnet import DlibResnet
    from medbench.weights import find_verified

    path = find_verified("dlib_descriptor")
    picture = _picture(150)
    with torch.inference_mode():
        ours = DlibResnet(path).eval()(torch.from_numpy(picture).permute(2, 0, 1)[None].float())[0].numpy()
    theirs = dlib.face_recognition_model_v1(str(path)).compute_face_descriptor(picture)
    return ours.astype(float), np.array(theirs)


@functools.cache
def _lpips() -> tuple[float, float]:
    """LPIPS of two pictures by ours and by torchmetrics, both on one seeded backbone."""
    import torch

    from medbench.metrics.evaluators.torchvision_shim import import_torchvision
    from medbench.metrics.evaluators.vision.lpips_network import lpips_network

    torchvision = import_torchvision()
    from torchmetrics.functional.image.lpips import _LPIPS

    torch.manual_seed(0)
    backbone = torchvision.models.alexnet(weights=None).state_dict()
    ours = lpips_network("alex", backbone)
    theirs = _LPIPS(net="alex", pretrained=True, pnet_rand=True).eval()
    theirs.net.load_state_dict(ours.net.state_dict())
    left, right = (torch.from_numpy(_picture(64, name)).permute(2, 0, 1)[None] / 127.5 - 1 for name in "ab")
    with torch.inference_mode():
        return ours(left, right).item(), theirs(left, right).item()


def _picture(size: int, name: str = "") -> np.ndarray:
    """A smooth uint8 picture (size, size, 3)."""
    rng = generator("picture", name)
    y, x = np.mgrid[:size, :size] / size * 2 * np.pi
    waves = [np.sin(rng.uniform(1, 4) * x + rng.uniform(1, 4) * y + rng.uniform(0, 6)) for _ in range(3)]
    return (127 + 90 * np.stack(waves, axis=2)).astype(np.uint8)
