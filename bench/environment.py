"""What a result depends on besides names: versions and machine kind. Never the host's or user's name."""

from __future__ import annotations

import importlib.metadata
import platform

PACKAGES = (
    "torch",
    "numpy",
    "scipy",
    "pandas",
    "scikit-image",
    "opencv-python-headless",
    "pillow",
    "dlib-bin",
)


def version_of(package: str) -> str | None:
    """Installed version of a package, None where it is absent."""
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None


def describe(device: str) -> dict[str, object]:
    """Versions, platform and device of this process."""
    import torch

    import medbench

    cuda = device.startswith("cuda")
    return {
        "medbench": medbench.__version__,
        "python": platform.python_version(),
        "platform": f"{platform.system()}-{platform.machine()}",
        "device": torch.cuda.get_device_name() if cuda else device,
        "threads": torch.get_num_threads(),
        "packages": {name: version_of(name) for name in PACKAGES},
    }


def pick_device(asked: str) -> str:
    """``auto`` -> ``cuda`` where torch sees one, else ``cpu``."""
    import torch

    from medbench.core import MedbenchError

    has_cuda = torch.cuda.is_available()
    if asked == "auto":
        return "cuda" if has_cuda else "cpu"
    if asked.startswith("cuda") and not has_cuda:
        raise MedbenchError(f"--device {asked}: torch sees no CUDA device here; give --device cpu")
    return asked
