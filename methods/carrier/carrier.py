"""How a code travels inside an 8-bit picture: in the highest block frequencies, under a keyed stream.

Named on the card as a deviation: MedSem-DeID's published text does not say how f_enc survives in
the picture. The code is added modulo 1 to a keystream (ChaCha20 under a key derived with HKDF,
one nonce per picture), so that without the password it is uniform noise. What it survives is
measured in docs/methods/ours.md: a lossless file, nothing else.
"""

from __future__ import annotations

import numpy as np
import torch
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import ChaCha20
from torch import Tensor

from medbench.methods.carrier.blockcode import BLOCK, CODE_SIZE, from_blocks, to_blocks

#: Grey levels (orthonormal DCT units) between code 0 and code 1.
AMPLITUDE = 16.0
_HEADROOM = 10.0 / 255.0
_TURNS = 5
#: Header bits per block: the smallest picture, 64 x 64, has 64 blocks for 128 bits.
_BITS = 2
_PER_CHANNEL = -(-(CODE_SIZE + _BITS) // 3)
_SLOTS = [(c, 63 - k) for k in range(_PER_CHANNEL) for c in range(3)][: CODE_SIZE + _BITS]
_CHANNEL, _FREQUENCY = (torch.tensor(v) for v in zip(*_SLOTS, strict=True))
HEADER_BITS = 128


def keystream(secret: bytes, nonce: bytes, shape: tuple[int, ...]) -> Tensor:
    """Uniform numbers in [0, 1) from ChaCha20; ``secret`` 32 bytes, ``nonce`` 8 bytes."""
    n = int(np.prod(shape))
    cipher = Cipher(ChaCha20(secret, bytes(8) + nonce), mode=None).encryptor()
    words = np.frombuffer(cipher.update(bytes(4 * n)), dtype="<u4")
    return torch.from_numpy((words >> 8).astype(np.float32) / np.float32(1 << 24)).reshape(shape)


def write(cover: Tensor, code: Tensor, header: Tensor, corner: tuple[int, int]) -> Tensor:
    """Put ``code`` (rows, cols, CODE_SIZE) and ``header`` bits (128,) into one picture (3, H, W).

    ``corner`` is the block (row, column) where the code begins. The picture's own energy in the
    carrying frequencies is removed first; grey levels keep clear of 0 and 255 so that nothing clips.
    """
    h, w = (s // BLOCK * BLOCK for s in cover.shape[-2:])
    out = cover.clone()
    blocks = _cleared(out[None, :, :h, :w])
    rows, cols = blocks.shape[:2]
    room = rows * cols * _BITS
    repeated = header.repeat(-(-room // HEADER_BITS))[:room].reshape(rows, cols, _BITS)
    blocks[..., _CHANNEL[-_BITS:], _FREQUENCY[-_BITS:]] = (repeated - 0.5) * AMPLITUDE
    r, c = corner
    inside = blocks[r : r + code.shape[0], c : c + code.shape[1]]
    inside[..., _CHANNEL[:-_BITS], _FREQUENCY[:-_BITS]] = (code - 0.5) * AMPLITUDE
    out[:, :h, :w] = (from_blocks(blocks[None])[0] / 255.0).clamp(0, 1)
    return out


def _cleared(picture: Tensor) -> Tensor:
    """Blocks (rows, cols, 3, 64) with empty carrying frequencies, whose picture keeps clear of 0 and 255.

    Emptying them makes edges ring past the limits, and limiting fills them again: a few turns settle it.
    """
    for _ in range(_TURNS):
        blocks = to_blocks(picture.clamp(_HEADROOM, 1 - _HEADROOM) * 255.0)
        blocks[..., _CHANNEL, _FREQUENCY] = 0
        picture = from_blocks(blocks) / 255.0
    return blocks[0]


def read(picture: Tensor) -> tuple[Tensor, Tensor]:
    """Read (code of every block (rows, cols, CODE_SIZE), header bits (128,)) from one picture."""
    h, w = (s // BLOCK * BLOCK for s in picture.shape[-2:])
    blocks = to_blocks(picture[None, :, :h, :w] * 255.0)[0]
    values = blocks[..., _CHANNEL, _FREQUENCY] / AMPLITUDE + 0.5
    votes = values[..., -_BITS:].reshape(-1) - 0.5
    votes = torch.nn.functional.pad(votes, (0, -len(votes) % HEADER_BITS)).reshape(-1, HEADER_BITS)
    return values[..., :-_BITS], (votes.sum(0) > 0).float()
