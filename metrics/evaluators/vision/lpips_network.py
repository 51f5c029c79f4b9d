"""LPIPS through its own package, with the backbone from a file: nothing is downloaded."""

from __future__ import annotations

import importlib
import re
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from torch import Tensor

from medbench.core import MedbenchError, Unavailable
from medbench.metrics.evaluators.torchvision_shim import import_torchvision

VERSION = "0.1"
REMEDY = "pip install --no-deps lpips==0.1.4 tqdm"
_SLICE = re.compile(r"^slice\d+\.")


def import_lpips() -> Any:
    """Import the package; raises Unavailable with the line that installs it."""
    import_torchvision()
    try:
        return importlib.import_module("lpips")
    except ImportError as error:
        raise Unavailable(f"lpips cannot be imported ({error}): {REMEDY}") from None


def lpips_network(net: str, backbone: Mapping[str, Tensor]) -> Any:
    """Build LPIPS v0.1 on ``alex``, ``vgg`` or ``squeeze``.

    Args:
        net: which backbone.
        backbone: torchvision's state of it; its classifier is left out.

    Raises:
        MedbenchError: the state is of another network.
    """
    with warnings.catch_warnings():
        # The package calls torchvision by an argument that it has renamed since.
        warnings.simplefilter("ignore", UserWarning)
        network = import_lpips().LPIPS(net=net, version=VERSION, pnet_rand=True, verbose=False)
    wanted = network.net.state_dict()
    named = {name: backbone.get(f"features.{_SLICE.sub('', name)}") for name in wanted}
    lacking = [name for name, tensor in named.items() if tensor is None or tensor.shape != wanted[name].shape]
    if lacking:
        raise MedbenchError(f"this is no backbone of LPIPS {net} (it lacks {lacking[0]})")
    network.net.load_state_dict(named)
    return network.eval().requires_grad_(False)


def linear_layers(net: str) -> Path:
    """The file of the calibrated layers, which the package brings."""
    return Path(import_lpips().__file__).parent / "weights" / f"v{VERSION}" / f"{net}.pth"
