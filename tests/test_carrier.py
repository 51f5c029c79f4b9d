"""What a method hides in a picture comes back with the key, and only with it."""

import math

import numpy as np
import pytest
import torch

from medbench.keys import Key
from medbench.methods.carrier import blockcode, carrier
from medbench.methods.carrier.envelope import Envelope, code_blocks
from medbench.methods.carrier.seal import nonce, secret
from medbench.methods.face_window import Window, around
from medbench.methods.medsem import password
from medbench.methods.training.carried import CODE_NOISE
from medbench.suites.mini.render import render
from medbench.suites.mini.splits import sample_ids, scene_of


def psnr(a, b):
    return -10 * math.log10(float(((a - b) ** 2).mean()))


@pytest.fixture(scope="module")
def faces():
    pictures = [render(*scene_of(name)).image for name in sample_ids("train")[:33:16]]
    return torch.from_numpy(np.stack(pictures)).permute(0, 3, 1, 2).float() / 255


def seal(cover, secret_face, key, salt=bytes(8)):
    code = blockcode.encode(secret_face[None])[0]
    stream = carrier.keystream(secret(key, password.CARRIER), salt, tuple(code.shape))
    header = Envelope(Window(0, 0, 256), salt).bits()
    sealed = carrier.write(cover, (code + stream) % 1, header, (0, 0))
    return (sealed * 255).round() / 255


def unseal(picture, key):
    sealed, bits = carrier.read(picture)
    envelope = Envelope.from_bits(bits, *picture.shape[1:])
    stream = carrier.keystream(secret(key, password.CARRIER), envelope.nonce, tuple(sealed.shape))
    return (sealed - stream) % 1


def test_block_dct_is_scipys_and_inverts(faces):
    from scipy.fft import dctn

    tile = faces[0, 0, 96:104, 120:128]
    ours = blockcode.to_blocks(faces)[0, 12, 15, 0]
    theirs = dctn(tile.numpy(), norm="ortho")
    assert np.allclose(ours, [theirs[u, v] for u, v in blockcode.zigzag()], atol=1e-5)
    assert torch.allclose(blockcode.from_blocks(blockcode.to_blocks(faces)), faces, atol=1e-5)


def test_the_face_comes_back_from_the_8_bit_picture(faces):
    key = Key.from_integer(7)
    picture = seal(faces[1], faces[0], key)
    assert psnr(picture, faces[1]) > 36
    assert psnr(blockcode.decode(unseal(picture, key)[None])[0], faces[0]) > 30


def test_a_wrong_key_reads_uniform_noise(faces):
    from scipy.stats import kstest

    picture = seal(faces[1], faces[0], Key.from_integer(7))
    read = unseal(picture, Key.from_integer(8)).flatten().numpy()
    assert kstest(read, "uniform").pvalue > 1e-4
    truth = blockcode.encode(faces[:1]).flatten().numpy()
    assert abs(np.corrcoef(read, truth)[0, 1]) < 0.02


def test_reading_error_is_what_training_simulates(faces):
    key = Key.from_integer(7)
    error = unseal(seal(faces[1], faces[0], key), key) - blockcode.encode(faces[:1])[0]
    assert float((error - error.round()).std()) == pytest.approx(CODE_NOISE, rel=0.1)


def test_pictures_never_share_a_nonce():
    key = Key.from_integer(7)
    one, another = torch.zeros(3, 8, 8), torch.ones(3, 8, 8)
    assert nonce(key, one, "medsem") != nonce(key, another, "medsem")
    assert nonce(key, one, "medsem") != nonce(Key.from_integer(8), one, "medsem")
    assert nonce(key, one, "medsem") != nonce(key, one, "another method")


def test_envelope_survives_and_a_foreign_picture_has_none(faces):
    envelope = Envelope(Window(3, 14, 159), b"8 bytes!")
    assert Envelope.from_bits(envelope.bits(), 200, 200) == envelope
    assert Envelope.from_bits(carrier.read(faces[0])[1], 256, 256) is None
    small = faces[0][:, 96:160, 96:160]
    code = blockcode.encode(small[None])[0]
    written = carrier.write(small, code, Envelope(Window(0, 0, 64), b"8 bytes!").bits(), (0, 0))
    assert Envelope.from_bits(carrier.read((written * 255).round() / 255)[1], 64, 64).nonce == b"8 bytes!"


def test_window_stays_inside_and_code_blocks_inside_the_window():
    for box, size in (
        ((300, 200, 480, 380), (700, 900)),
        ((0, 0, 90, 90), (128, 300)),
        ((60, 70, 190, 200), (256, 256)),
    ):
        window = around(box, *size)
        assert 0 <= window.top <= size[0] - window.side and 0 <= window.left <= size[1] - window.side
        row, col, blocks = code_blocks(window)
        assert row * 8 >= window.top and (row + blocks) * 8 <= window.top + window.side
        assert col * 8 >= window.left and (col + blocks) * 8 <= window.left + window.side
    assert around((60, 70, 190, 200), 256, 256) == Window(0, 0, 256)
