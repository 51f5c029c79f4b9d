"""The identity's 64 numbers inside an 8-bit picture, under a key; nothing else of the person is hidden."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from medbench.methods.carrier import carrier
from medbench.methods.carrier.blockcode import CODE_SIZE
from medbench.methods.carrier.envelope import Envelope, code_blocks
from medbench.methods.carrier.seal import nonce, secret
from medbench.methods.face_region import find_face
from medbench.methods.face_window import Window, around

if TYPE_CHECKING:
    from medbench.keys import Key

_METHOD = "g2face"
#: Blocks of 8x8 pixels per side that carry the numbers, each of them many times over.
_BLOCKS = 12
#: Numbers beyond this are cut; on the circle of one turn they keep clear of its seam by the margin.
REACH = 3.5
_MARGIN = 0.06


def hide(shown: Tensor, identity: Tensor, window: Window, key: Key, image: Tensor) -> Tensor:
    """``shown`` (3, H, W) carrying ``identity`` (64,); ``image``, the original, only varies the nonce."""
    row, col, fit = code_blocks(window)
    side = min(fit, _BLOCKS)
    share = (identity.cpu().clamp(-REACH, REACH) / REACH + 1) / 2
    turns = _MARGIN + (1 - 2 * _MARGIN) * share
    room = side * side * CODE_SIZE
    code = turns.repeat(-(-room // len(turns)))[:room].reshape(side, side, CODE_SIZE)
    header = Envelope(window, nonce(key, image.cpu(), _METHOD))
    stream = carrier.keystream(secret(key, _METHOD), header.nonce, tuple(code.shape))
    return carrier.write(shown.cpu(), (code + stream) % 1, header.bits(), (row, col))


def find(image: Tensor, key: Key, size: int) -> tuple[Window, Tensor]:
    """The face's square and the identity (size,) that ``key`` reads; random numbers where it is wrong."""
    blocks, bits = carrier.read(image.cpu())
    envelope = Envelope.from_bits(bits, *image.shape[1:])
    if envelope is None:
        envelope = Envelope(around(find_face(image), *image.shape[1:]), bytes(8))
    row, col, fit = code_blocks(envelope.window)
    side = min(fit, _BLOCKS)
    sealed = blocks[row : row + side, col : col + side]
    stream = carrier.keystream(secret(key, _METHOD), envelope.nonce, tuple(sealed.shape))
    angles = 2 * math.pi * (sealed - stream).reshape(-1)
    whole = len(angles) // size * size
    angles = angles[:whole].reshape(-1, size)
    turns = torch.atan2(angles.sin().mean(0), angles.cos().mean(0)) / (2 * math.pi) % 1
    share = ((turns - _MARGIN) / (1 - 2 * _MARGIN)).clamp(0, 1)
    return envelope.window, (2 * share - 1) * REACH
