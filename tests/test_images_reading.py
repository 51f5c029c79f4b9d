"""Photographs of every kind: converted by a stated rule, or refused with file, reason and remedy."""

from __future__ import annotations

import io

import numpy as np
import pytest
from broken_images import BROKEN, write_broken
from PIL import Image

from medbench.images import BrokenImage, read_photograph

RNG = np.random.default_rng(3)
COLOURS = RNG.integers(0, 256, (70, 80, 3), dtype=np.uint8)
GREYS = COLOURS[:, :, 0]


def saved(path, picture, **options):
    picture.save(path, **options)
    return path


@pytest.mark.parametrize("kind", sorted(BROKEN))
def test_a_broken_picture_is_refused_by_name_reason_and_remedy(tmp_path, kind):
    path = write_broken(tmp_path, kind)
    with pytest.raises(BrokenImage) as caught:
        read_photograph(path)
    message = str(caught.value)
    assert str(path) in message
    assert "; " in message, "a remedy follows the reason"
    assert path.name not in caught.value.reason
    assert "\n" not in message


def test_lossless_rgb_comes_back_as_it_is(tmp_path):
    path = saved(tmp_path / "a.png", Image.fromarray(COLOURS))
    assert np.array_equal(read_photograph(path), COLOURS)


def test_grey_is_repeated_and_16_bit_is_divided_by_257(tmp_path):
    grey = saved(tmp_path / "grey.png", Image.fromarray(GREYS))
    deep = saved(tmp_path / "deep.png", Image.fromarray(GREYS.astype(np.uint16) * 257))
    wanted = np.repeat(GREYS[:, :, None], 3, axis=2)
    assert np.array_equal(read_photograph(grey), wanted)
    assert np.array_equal(read_photograph(deep), wanted)


def test_palette_and_one_bit_become_rgb(tmp_path):
    palette = Image.fromarray(COLOURS).quantize(16)
    path = saved(tmp_path / "p.png", palette)
    assert np.array_equal(read_photograph(path), np.asarray(palette.convert("RGB")))
    bit = saved(tmp_path / "bit.png", Image.fromarray(GREYS > 127))
    assert set(np.unique(read_photograph(bit))) == {0, 255}


def test_transparency_lies_on_white(tmp_path):
    alpha = np.zeros((70, 80, 4), np.uint8)
    alpha[:, 40:] = (10, 20, 30, 255)
    seen = read_photograph(saved(tmp_path / "alpha.png", Image.fromarray(alpha)))
    assert (seen[:, :40] == 255).all()
    assert (seen[:, 40:] == (10, 20, 30)).all()


def test_cmyk_becomes_rgb(tmp_path):
    flat = Image.new("CMYK", (64, 64), (0, 255, 255, 0))
    seen = read_photograph(saved(tmp_path / "cmyk.tif", flat))
    assert seen.shape == (64, 64, 3)
    assert (seen[0, 0] == (255, 0, 0)).all()


def test_floats_in_zero_to_one_are_scaled(tmp_path):
    values = np.linspace(0, 1, 64 * 64, dtype=np.float32).reshape(64, 64)
    seen = read_photograph(saved(tmp_path / "f.tif", Image.fromarray(values)))
    assert np.array_equal(seen[:, :, 0], np.rint(values * 255).astype(np.uint8))


@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_rotation_is_applied(tmp_path, orientation):
    marked = np.zeros((64, 96, 3), np.uint8)
    marked[:16, :16] = 255
    upright = Image.fromarray(marked)
    inverse = {
        1: [], 2: [Image.Transpose.FLIP_LEFT_RIGHT], 3: [Image.Transpose.ROTATE_180],
        4: [Image.Transpose.FLIP_TOP_BOTTOM], 5: [Image.Transpose.TRANSPOSE],
        6: [Image.Transpose.ROTATE_90], 7: [Image.Transpose.TRANSVERSE], 8: [Image.Transpose.ROTATE_270],
    }[orientation]  # fmt: skip
    stored = upright
    for step in inverse:
        stored = stored.transpose(step)
    exif = Image.Exif()
    exif[0x0112] = orientation
    path = saved(tmp_path / "turned.png", stored, exif=exif)
    assert np.array_equal(read_photograph(path), marked)


def test_a_colour_profile_is_converted_to_srgb(tmp_path):
    from PIL import ImageCms

    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    path = saved(tmp_path / "icc.png", Image.fromarray(COLOURS), icc_profile=profile)
    assert np.abs(read_photograph(path).astype(int) - COLOURS).max() <= 1


def test_the_content_decides_not_the_ending(tmp_path):
    held = io.BytesIO()
    Image.fromarray(COLOURS).save(held, format="PNG")
    path = tmp_path / "really_a_png.jpg"
    path.write_bytes(held.getvalue())
    assert np.array_equal(read_photograph(path), COLOURS)
