"""Rules for reversible methods: restore starts from the protected 8-bit picture."""

from __future__ import annotations

import torch

from medbench.methods.conformance import probes
from medbench.methods.conformance.output import require_image
from medbench.methods.conformance.rule import Broken
from medbench.methods.method import Method


def restore(method: Method, preset: str | None) -> None:
    """The right key gives an image that is nearer to the original than the protected one."""
    images, protected, keys = _protected(method)
    restored = method.restore(protected, keys)
    require_image(restored, images, "restored")
    before, after = (float((x - images).abs().mean()) for x in (protected, restored))
    if after >= before:
        raise Broken(
            f"restored is {255 * after:.1f} grey levels from the original, protected {255 * before:.1f}"
        )


def wrong_key(method: Method, preset: str | None) -> None:
    """A wrong key gives another image, and no error."""
    images, protected, keys = _protected(method)
    opened = method.restore(protected, probes.keys(len(images), "wrong"))
    require_image(opened, images, "restored with a wrong key")
    right = method.restore(protected, keys)
    for index, apart in enumerate((opened - right).abs().flatten(1).amax(1)):
        if float(apart) <= 1 / 255:
            raise Broken(f"picture {index}: a wrong key restores the same image as the right one")


def restore_untouched(method: Method, preset: str | None) -> None:
    """The protected pictures are left as they were, and an empty batch gives an empty one."""
    _, protected, keys = _protected(method)
    before = protected.clone()
    method.restore(protected, keys)
    if not torch.equal(before, protected):
        raise Broken("restore changed its input; work on a clone")
    require_image(method.restore(protected[:0], []), protected[:0], "restored empty batch")


def _protected(method: Method) -> tuple[torch.Tensor, torch.Tensor, list[probes.Key]]:
    images = probes.faces()
    keys = probes.keys(len(images))
    return images, probes.eight_bit(probes.protect(method, images, keys)), keys
