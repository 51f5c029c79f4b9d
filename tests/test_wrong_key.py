"""What a wrong key gives: a face that dlib finds, of somebody else, with every keyed method that restores."""

from __future__ import annotations

import pytest

from medbench.core import FaceNotFound, Unavailable
from medbench.methods.conformance import probes
from medbench.methods.face_region import find_face
from medbench.registry import Registry

METHODS = Registry("methods")


def found(images):
    """How many of the pictures show a face."""
    count = 0
    for image in images:
        try:
            find_face(image)
        except FaceNotFound:
            continue
        count += 1
    return count


@pytest.mark.slow
@pytest.mark.parametrize("name", METHODS.names())
def test_a_wrong_key_gives_a_face_and_no_error(name):
    kind = METHODS.get(name)
    if not (kind.card.keyed and kind.card.reversible):
        pytest.skip("no key, or no way back")
    method = kind()
    try:
        method.load()
    except Unavailable as missing:
        pytest.skip(str(missing))
    images = probes.faces()
    protected = probes.eight_bit(probes.protect(method, images))
    opened = method.restore(protected, probes.keys(len(images), "wrong"))
    right = method.restore(protected, probes.keys(len(images)))
    assert found(opened) >= len(images) - 1
    away, back = ((one - images).square().mean((1, 2, 3)) for one in (opened, right))
    assert (away > back).all(), "the right key brings every picture nearer"
