"""G2Face: where the network's picture lies, and what is drawn from the key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from medbench.methods.upstream.alignment import ffhq

if TYPE_CHECKING:
    from medbench.keys import Key
    from medbench.methods.face_region import Face
    from medbench.methods.upstream.placement import Placement


def place(face: Face, height: int, width: int) -> Placement:
    """As FFHQ and CelebA-HQ, 256 pixels."""
    return ffhq(face, 256)


def draw(key: Key) -> dict[str, Any]:
    """512 numbers, from which the network makes the new identity."""
    return {"z": [float(value) for value in key.normal(512, "g2face identity")]}
