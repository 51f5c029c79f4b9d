"""Rules on what a method returns: shape, range, inputs, sizes, pictures without a face."""

from __future__ import annotations

import torch

from medbench.core import FaceNotFound
from medbench.methods.conformance import probes
from medbench.methods.conformance.rule import Broken
from medbench.methods.method import Method, MethodCard

SIZES = ((64, 64), (97, 131), (131, 97), (200, 320), (256, 256))


def require_image(out: torch.Tensor, like: torch.Tensor, what: str) -> None:
    """Raise Broken unless ``out`` has the shape, dtype, device and range of a batch ``like``."""
    if not isinstance(out, torch.Tensor):
        raise Broken(f"{what}: returned {type(out).__name__}, not a tensor")
    for name in ("shape", "dtype", "device"):
        if getattr(out, name) != getattr(like, name):
            raise Broken(f"{what}: {name} is {getattr(out, name)}, should be {getattr(like, name)}")
    if not bool(torch.isfinite(out).all()):
        raise Broken(f"{what}: holds NaN or infinity")
    if out.numel() and (float(out.min()) < 0 or float(out.max()) > 1):
        raise Broken(
            f"{what}: values from {float(out.min()):.4g} to {float(out.max()):.4g}, should be in [0, 1]"
        )


def card(method: Method, preset: str | None) -> None:
    """A card that keeps its word."""
    told = method.card
    if not isinstance(told, MethodCard):
        raise Broken(f"card is {type(told).__name__}, not a MethodCard")
    if told.default_preset not in told.presets:
        raise Broken(f"default_preset {told.default_preset!r} is not among presets {told.presets}")
    if told.reversible and type(method).restore is Method.restore:
        raise Broken("the card says reversible, and restore is not written")


def image(method: Method, preset: str | None) -> None:
    """Shape, dtype, device, range, no NaN."""
    require_image(probes.protect(method, probes.faces()), probes.faces(), "256 x 256")


def input_untouched(method: Method, preset: str | None) -> None:
    """The batch is left as it was."""
    images = probes.faces().clone()
    out = probes.protect(method, images)
    if not torch.equal(images, probes.faces()):
        raise Broken("anonymize changed batch.images; work on a clone")
    if out.data_ptr() == images.data_ptr():
        raise Broken("anonymize returned batch.images itself; return a clone")


def sizes(method: Method, preset: str | None) -> None:
    """Any shape from 64 pixels on; small faces may be refused, none may crash."""
    for height, width in SIZES:
        images = probes.framed(height, width)
        try:
            out = probes.protect(method, images)
        except FaceNotFound:
            continue
        require_image(out, images, f"{height} x {width}")


def empty(method: Method, preset: str | None) -> None:
    """A batch of nothing gives nothing."""
    images = probes.faces()[:0]
    require_image(probes.protect(method, images), images, "empty batch")


def non_face(method: Method, preset: str | None) -> None:
    """An image or FaceNotFound, nothing else."""
    for name, images in probes.without_face().items():
        try:
            out = probes.protect(method, images)
        except FaceNotFound:
            continue
        require_image(out, images, name)
