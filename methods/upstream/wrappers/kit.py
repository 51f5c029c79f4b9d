"""What the wrappers share: the job, pictures, seeds, weights that are read without running code.

A job is a JSON file: mode (protect, restore or random), repo, out, weights (name -> path), vouched
(names), casts (name -> pictures), started (a file to make), pictures ([{input, output, seed, ...}]).
"""

import inspect
import json
import os
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image


def read_job() -> dict:
    """Read the job named on the command line, and get ready for it."""
    job = json.loads(Path(sys.argv[1]).read_text())
    sys.path.insert(0, job["repo"])
    torch.set_num_threads(1)
    torch.set_grad_enabled(False)
    seed(0)
    _guard_loading(job)
    if not torch.cuda.is_available():
        _do_without_cuda()
    return job


def device() -> str:
    """``cuda`` where there is one."""
    return "cuda" if torch.cuda.is_available() else "cpu"


def seed(number: int) -> None:
    """Seed all that an upstream draws from."""
    random.seed(number)
    np.random.seed(number % 2**32)
    torch.manual_seed(number)


def pictures(job: dict) -> Iterator:
    """Each picture's note, seeded; that the first was reached is told, as faults before are not its own."""
    Path(job["started"]).touch()
    for entry in job["pictures"]:
        seed(entry["seed"])
        yield entry


def read(path: str, half: bool = True) -> torch.Tensor:
    """Read a picture as (1, 3, H, W): in [-1, 1], or in [0, 1] without ``half``."""
    with Image.open(path) as image:
        pixels = torch.from_numpy(np.array(image.convert("RGB")))
    tensor = pixels.permute(2, 0, 1)[None].float().div(255).to(device())
    return tensor * 2 - 1 if half else tensor


def write(path: str, tensor: torch.Tensor, half: bool = True) -> None:
    """Write (1, 3, H, W) as PNG: cut off to its range, never stretched."""
    unit = (tensor[0] + 1) / 2 if half else tensor[0]
    if not torch.isfinite(unit).all():
        print("values that are no numbers: " + Path(path).name)
        return
    pixels = (unit.clamp(0, 1) * 255).round().byte().permute(1, 2, 0).cpu().numpy()
    Image.fromarray(pixels).save(path)


def fill(network: torch.nn.Module, state: dict, what: str) -> torch.nn.Module:
    """Load ``state``, and eval mode; end the run where a parameter would stay as it was initialised."""
    own = dict(network.named_parameters())
    wrong = [name for name, value in own.items() if name not in state or state[name].shape != value.shape]
    if wrong:
        count = f"{len(wrong)} of {len(own)} parameters"
        sys.exit(f"{what}: {count} are missing or of another shape, the first is {wrong[0]}")
    known = network.state_dict()
    fitting = {
        name: value for name, value in state.items() if name in known and known[name].shape == value.shape
    }
    network.load_state_dict(fitting, strict=False)
    return network.to(device()).eval()


def settle(network: torch.nn.Module, inputs: torch.Tensor) -> torch.nn.Module:
    """Let the averages of batch normalisation fit weights that were drawn, or values grow past all bounds."""
    kinds = (torch.nn.BatchNorm1d, torch.nn.BatchNorm2d)
    for part in (one for one in network.modules() if isinstance(one, kinds)):
        part.reset_running_stats()
        part.momentum = None
    network.train()(inputs)
    return network.eval()


def torch_home(room: Path, checkpoints: str) -> None:
    """Let torch find in ``checkpoints`` what it would download."""
    os.environ["TORCH_HOME"] = str(room)
    (room / "hub").mkdir()
    (room / "hub" / "checkpoints").symlink_to(checkpoints)


def patch(holder: Any, **new: Any) -> None:
    """Put other things in the place of a module's or a class's own."""
    for name, value in new.items():
        setattr(holder, name, value)


def _guard_loading(job: dict) -> None:
    """Let torch.load read tensors alone, except from files that the user vouched for."""
    load = torch.load
    careful = "weights_only" in inspect.signature(load).parameters
    trusted = [Path(job["weights"][name]).resolve() for name in job["vouched"]]

    def guarded(file: Any, *words: Any, **more: Any) -> object:
        real = Path(file).resolve() if isinstance(file, (str, os.PathLike)) else None
        vouched = real is not None and any(one in (real, *real.parents) for one in trusted)
        if not careful and not vouched:
            sys.exit(f"this torch reads every file as code; vouch for {file} or use torch 1.13 or later")
        if careful:
            more["weights_only"] = not vouched
        if not words:
            more["map_location"] = "cpu"
        return load(file, *words, **more)

    patch(torch, load=guarded)


def _do_without_cuda() -> None:
    """Leave tensors and networks where they are when an upstream moves them to a GPU by name."""
    for kind in (torch.Tensor, torch.nn.Module):
        patch(kind, cuda=lambda self, *words, **more: self, to=_kept(kind.to))
    patch(torch.cuda, set_device=lambda number: None)


def _kept(to: Any) -> object:
    def moved(self: Any, *words: Any, **more: Any) -> object:
        words = tuple(_here(word) for word in words)
        return to(self, *words, **{name: _here(value) for name, value in more.items()})

    return moved


def _here(word: object) -> object:
    named = isinstance(word, (str, torch.device)) and str(word).startswith("cuda")
    return "cpu" if named else word
