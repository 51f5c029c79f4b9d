"""Password: where the network's picture lies, and what is drawn from the key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from medbench.methods.upstream.alignment import upright

if TYPE_CHECKING:
    from medbench.keys import Key
    from medbench.methods.face_region import Face
    from medbench.methods.upstream.placement import Placement


def place(face: Face, height: int, width: int) -> Placement:
    """Upright, twice as wide as the face box, inside the picture."""
    return upright(face, height, width, 2.0, 128)


def draw(key: Key) -> dict[str, Any]:
    """The password of 16 bits."""
    return {"bits": [int(bit) for bit in key.bits(16, "password bits")]}
