"""What comes back is checked face by face: missing, no picture, wrong size, the same face as before."""

from __future__ import annotations

import cv2
import pytest
import torch
from upstream_repos import picture

from medbench.keys import Key
from medbench.methods.upstream.adapters import adapter_named
from medbench.methods.upstream.entry import Entry, entries_of
from medbench.methods.upstream.exchange import UNCHANGED, write_picture
from medbench.suites.mini.suite import MiniSuite


@pytest.fixture(scope="module")
def face():
    suite = MiniSuite()
    return suite.read("select", suite.index("select")["id"][0]).image


@pytest.fixture(scope="module")
def entry(face):
    (found,) = entries_of(adapter_named("riddle"), 0, tensor(face), Key.from_integer(1))
    return found


def tensor(image):
    return torch.from_numpy(image).permute(2, 0, 1).float() / 255


def fault(entry, tmp_path, result, may_be_same=False):
    if isinstance(result, bytes):
        (tmp_path / "out.png").write_bytes(result)
    elif result is not None:
        write_picture(tmp_path / "out.png", result)
    return entry.take_back(tmp_path / "out.png", may_be_same)[1]


def test_what_will_not_do_is_told(entry, tmp_path):
    assert "no result" in fault(entry, tmp_path, None)
    assert "not a picture" in fault(entry, tmp_path, b"x")
    assert "128 x 128 pixels, not 256 x 256" in fault(entry, tmp_path, picture(1, 128))
    assert fault(entry, tmp_path, picture(1, 256)) is None


def test_a_face_that_passed_through_a_codec_is_the_same_face(entry, face, tmp_path):
    given = entry.placed.cut(face)
    _, code = cv2.imencode(".jpg", given, [cv2.IMWRITE_JPEG_QUALITY, 95])
    assert fault(entry, tmp_path, given) == UNCHANGED
    assert fault(entry, tmp_path, cv2.imdecode(code, cv2.IMREAD_COLOR)) == UNCHANGED
    assert fault(entry, tmp_path, given, may_be_same=True) is None


def test_a_whole_picture_is_judged_by_its_face_not_by_what_lies_around(face, tmp_path):
    (whole,) = entries_of(adapter_named("deep-privacy"), 0, tensor(face), None)
    assert isinstance(whole, Entry) and whole.placed is None
    around, inside = face.copy(), face.copy()
    around[:30] = 0
    inside[90:200, 80:180] = 90
    assert fault(whole, tmp_path, around) == UNCHANGED
    assert fault(whole, tmp_path, inside) is None
    assert torch.equal(whole.paste(tensor(face), inside), tensor(inside))


def test_the_same_key_draws_the_same_and_another_another(face):
    adapter = adapter_named("password")
    one, same, other = (entries_of(adapter, 0, tensor(face), Key.from_integer(n))[0].drawn for n in (1, 1, 2))
    assert one == same and one["bits"] != other["bits"]
    darker = entries_of(adapter, 0, tensor(face // 2), Key.from_integer(1))[0].drawn
    assert darker["bits"] == one["bits"], "a password does not depend on the picture"
    assert darker["seed"] != one["seed"]
