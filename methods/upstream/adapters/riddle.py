"""RiDDLE: where the network's picture lies, and what is drawn from the key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from medbench.methods.upstream.alignment import ffhq

if TYPE_CHECKING:
    from medbench.keys import Key
    from medbench.methods.face_region import Face
    from medbench.methods.upstream.placement import Placement


def place(face: Face, height: int, width: int) -> Placement:
    """As FFHQ, 256 pixels."""
    return ffhq(face, 256)


def draw(key: Key) -> dict[str, Any]:
    """The password: 512 numbers for StyleGAN's mapping network."""
    return {"z": [float(value) for value in key.normal(512, "riddle password")]}
