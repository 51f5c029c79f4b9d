import numpy as np
import pytest

from medbench.core import MedbenchError
from medbench.metrics.evaluators.dlib_format import read_metric_network


def _integer(value):
    count = max(1, (abs(value).bit_length() + 7) // 8)
    return bytes([count | (0x80 if value < 0 else 0)]) + abs(value).to_bytes(count, "little")


def _text(word):
    return _integer(len(word)) + word.encode()


def _real(mantissa, exponent):
    return _integer(mantissa) + _integer(exponent)


def _tensor(sizes, values=()):
    return _integer(2) + b"".join(map(_integer, sizes)) + np.asarray(values, "<f4").tobytes()


def _shape(*sizes):
    return _integer(1) + b"".join(map(_integer, sizes))


_TAIL = b"110" + _tensor((0, 0, 0, 0)) * 3


def small_network():
    """A convolution of 2 filters 3x1x1, a tag, a relu: written by hand from the format's description."""
    weights = np.arange(8) / 4
    return (
        _integer(1) + _text("loss_metric_2") + _real(1, -4) + _real(3, -2)
        + _integer(2) + _integer(1) + _integer(3)
        + _text("input_rgb_image_sized") + _real(5, 4) + _real(-7, 0) + _real(1, -1)
        + _integer(9) + _integer(300)
        + _text("con_4") + _tensor((8, 1, 1, 1), weights)
        + b"".join(map(_integer, (2, 1, 1, 2, 2, 0, 0)))
        + _shape(2, 3, 1, 1) + _shape(1, 2, 1, 1) + _real(1, 0) * 4 + _TAIL + _integer(1)
        + _text("relu_") + _TAIL
    )  # fmt: skip


def test_reads_what_the_format_describes(tmp_path):
    file = tmp_path / "net.dat"
    file.write_bytes(small_network())
    network = read_metric_network(file)
    assert network.means == (80.0, -7.0, 0.5) and network.size == (9, 300)
    assert [layer.kind for layer in network.layers] == ["con_4", "relu_"]
    first = network.layers[0]
    assert first.settings == (2, 1, 1, 2, 2, 0, 0) and first.shapes == ((2, 3, 1, 1), (1, 2, 1, 1))
    np.testing.assert_array_equal(first.parameters, np.arange(8, dtype=np.float32) / 4)


def test_a_cut_is_noticed_wherever_it_is(tmp_path):
    whole, file = small_network(), tmp_path / "cut.dat"
    for end in range(0, len(whole), 3):
        file.write_bytes(whole[:end])
        with pytest.raises(MedbenchError, match=r"cut\.dat is no dlib metric network"):
            read_metric_network(file)


@pytest.mark.parametrize(
    ("old", "new"), [(b"relu_", b"rely_"), (b"loss_metric_2", b"loss_metric_9"), (b"con_4", b"con_\xff")]
)
def test_other_layers_are_refused(tmp_path, old, new):
    file = tmp_path / "other.dat"
    file.write_bytes(small_network().replace(old, new))
    with pytest.raises(MedbenchError, match=r"other\.dat"):
        read_metric_network(file)


def test_what_follows_the_network_is_refused(tmp_path):
    file = tmp_path / "long.dat"
    file.write_bytes(small_network() + b"\0")
    with pytest.raises(MedbenchError, match="the end"):
        read_metric_network(file)
