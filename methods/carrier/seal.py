"""Hide a face in a picture that shows another one, under a key; read it back."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING, NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from medbench.methods.carrier import blockcode, carrier
from medbench.methods.carrier.envelope import Envelope, code_blocks
from medbench.methods.face_region import find_face
from medbench.methods.face_window import SIDE, Window, around, resize

if TYPE_CHECKING:
    from medbench.keys import Key

#: Code cells per side of a 256 px face.
CELLS = SIDE // blockcode.BLOCK


class Opened(NamedTuple):
    """What a key reads from a picture: the face's square, its code and the picture that the code spells.

    ``code`` (CELLS, CELLS, CODE_SIZE) in [0, 1]; ``picture`` (3, 256, 256): noise where the key is wrong.
    """

    window: Window
    code: Tensor
    picture: Tensor


def seal(image: Tensor, shown: Tensor, window: Window, key: Key, method: str) -> Tensor:
    """``shown`` (3, H, W) carrying the face that ``image`` (3, H, W) has in ``window``.

    ``method`` names the secrets drawn from the key, so that two methods never share a keystream.
    """
    image = image.cpu()
    row, col, blocks = code_blocks(window)
    face = resize(window.native(image), blocks * blockcode.BLOCK)
    code = blockcode.encode(face[None])[0]
    header = Envelope(window, nonce(key, image, method))
    stream = carrier.keystream(secret(key, method), header.nonce, tuple(code.shape))
    return carrier.write(shown, (code + stream) % 1, header.bits(), (row, col))


def unseal(image: Tensor, key: Key, method: str) -> Opened:
    """Read what :func:`seal` wrote; without an envelope the face is looked for (FaceNotFound)."""
    blocks, bits = carrier.read(image.cpu())
    envelope = Envelope.from_bits(bits, *image.shape[1:])
    if envelope is None:
        envelope = Envelope(around(find_face(image), *image.shape[1:]), bytes(8))
    row, col, n = code_blocks(envelope.window)
    sealed = blocks[row : row + n, col : col + n]
    stream = carrier.keystream(secret(key, method), envelope.nonce, tuple(sealed.shape))
    code = (sealed - stream) % 1
    picture = resize(blockcode.decode(code[None])[0], SIDE)
    grid = F.interpolate(code.permute(2, 0, 1)[None], size=(CELLS, CELLS))[0]
    return Opened(envelope.window, grid.permute(1, 2, 0), picture)


def secret(key: Key, method: str) -> bytes:
    """32 bytes for the carrier's stream cipher."""
    return key.bytes(32, f"{method} carrier")


def nonce(key: Key, image: Tensor, method: str) -> bytes:
    """8 bytes that differ from picture to picture, so that no stretch of keystream is used twice."""
    eight_bit = (image * 255).round().to(torch.uint8).numpy().tobytes()
    return hmac.digest(key.bytes(32, f"{method} nonce"), eight_bit, "sha256")[:8]
