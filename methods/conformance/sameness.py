"""Rules on what the output depends on: the picture and the key; not the batch, the order or chance."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import torch

from medbench.methods.conformance import probes
from medbench.methods.conformance.rule import Broken, NotTried
from medbench.methods.method import Method

GREY_LEVEL = 1 / 255
#: CPU and GPU add in another order: a few pixels may tip over a rounding edge.
DEVICE_TOLERANCE, DEVICE_SHARE = 2 / 255, 0.001


def require_same(one: torch.Tensor, other: torch.Tensor, what: str) -> None:
    """Raise Broken where two batches differ by more than one grey level anywhere."""
    apart = float((one - other).abs().max()) if one.numel() else 0.0
    if not apart <= GREY_LEVEL + 1e-6:
        raise Broken(f"{what}: pictures differ by up to {255 * apart:.1f} grey levels")


def repeatable(method: Method, preset: str | None) -> None:
    """Same picture, same key: same image, whatever the global random state."""
    outs = []
    for seed in (1, 2):
        with _global_seed(seed):
            outs.append(probes.protect(method, probes.faces()))
    require_same(outs[0], outs[1], "a second run, with other global seeds")


def batch_size(method: Method, preset: str | None) -> None:
    """One by one as all together."""
    images, keys = probes.faces(), probes.keys(len(probes.faces()))
    alone = [probes.protect(method, images[i : i + 1], keys[i : i + 1]) for i in range(len(images))]
    require_same(torch.cat(alone), probes.protect(method, images, keys), "one by one, and in one batch")


def batch_order(method: Method, preset: str | None) -> None:
    """In any order."""
    images, keys = probes.faces(), probes.keys(len(probes.faces()))
    backwards = probes.protect(method, images.flip(0), keys[::-1]).flip(0)
    require_same(backwards, probes.protect(method, images, keys), "in reverse order")


def other_key(method: Method, preset: str | None) -> None:
    """Another key, another image."""
    images = probes.faces()
    first = probes.protect(method, images)
    second = probes.protect(method, images, probes.keys(len(images), "second"))
    for index, apart in enumerate((first - second).abs().flatten(1).amax(1)):
        if float(apart) <= GREY_LEVEL:
            raise Broken(f"picture {index} is the same under two keys; is the key used?")


def fingerprint(method: Method, preset: str | None) -> None:
    """Empty, or a sha256 in hex, and steady."""
    told = method.fingerprint()
    if told and (len(told) != 64 or set(told) - set("0123456789abcdef")):
        raise Broken(f"fingerprint is {told!r}, should be '' or 64 hex digits")
    if method.fingerprint() != told:
        raise Broken("fingerprint changes from call to call")


def devices(method: Method, preset: str | None) -> None:
    """CPU and GPU agree."""
    if not torch.cuda.is_available():
        raise NotTried("no GPU on this machine")
    outs = []
    for device in ("cuda", "cpu"):
        fresh = type(method)()
        fresh.load(device, preset)
        outs.append(probes.protect(fresh, probes.faces().to(device)).cpu())
    share = float(((outs[0] - outs[1]).abs() > DEVICE_TOLERANCE).float().mean())
    if share > DEVICE_SHARE:
        raise Broken(f"CPU and GPU differ by more than 2 grey levels in {100 * share:.2f} % of values")


@contextmanager
def _global_seed(seed: int) -> Iterator[None]:
    """Seed the global generators, and put them back afterwards."""
    python, numpy = random.getstate(), np.random.get_state()
    with torch.random.fork_rng():
        random.seed(seed)
        np.random.seed(seed)
        torch.manual_seed(seed)
        try:
            yield
        finally:
            random.setstate(python)
            np.random.set_state(numpy)
