"""Blackout, blur, mosaic, pixel DP, eyes only: each one's own property, on drawn faces."""

import numpy as np
import pandas as pd
import pytest
import torch
from scipy import ndimage, stats

from medbench.core import Batch, FaceNotFound, MedbenchError
from medbench.keys import Key
from medbench.methods.classical import blur, eye_keep, mosaic, pixel_dp
from medbench.methods.classical.blackout import Blackout
from medbench.methods.classical.cells import Cells
from medbench.methods.conformance import probes
from medbench.methods.face_mask import face_mask, face_outline, feather
from medbench.methods.face_region import find_face, find_faces
from medbench.registry import Registry

STRENGTHS = ("weak", "medium", "strong")
DRAWS = Key.from_names("test")
METHODS = Registry("methods")


@pytest.fixture(scope="module")
def seen():
    """A drawn face: pixels (H, W, 3), its faces, its region."""
    image = probes.faces()[0]
    faces = find_faces(image)
    return image.permute(1, 2, 0).numpy(), faces, face_mask(faces[0].landmarks, *image.shape[1:])


def loaded(cls, preset=None):
    method = cls()
    method.load(preset=preset)
    return method


def treated(cls, seen, preset=None, pixels=None, draws=DRAWS):
    return loaded(cls, preset).treat((seen[0] if pixels is None else pixels).copy(), seen[1], draws)


def outside(seen, by=0):
    return ~ndimage.binary_dilation(seen[2], iterations=by) if by else ~seen[2]


def test_blackout_does_not_depend_on_the_faces_pixels(seen):
    pixels, _, mask = seen
    other = pixels.copy()
    other[mask] = np.random.default_rng(0).random(other[mask].shape)
    out = treated(Blackout, seen)
    assert np.array_equal(out, treated(Blackout, seen, pixels=other))
    assert not out[mask].any() and np.array_equal(out[~mask], pixels[~mask])


def test_region_holds_all_landmarks_and_a_forehead(seen):
    _, (face, *_), mask = seen
    x, y = np.round(face.landmarks).astype(int).T
    assert mask[y.clip(0, 255), x.clip(0, 255)].all()
    brow, nose = face.landmarks[19:25, 1].mean(), face.landmarks[33, 1]
    assert face_outline(face.landmarks)[:, 1].min() < brow - 0.4 * (nose - brow)
    assert 0.15 < mask.mean() < 0.5


def test_feather_is_whole_inside_and_fades_outside(seen):
    mask = seen[2]
    weight = feather(mask, 8)
    assert (weight[mask] == 1).all() and (weight[outside(seen, 12)] == 0).all()


def region_width(face):
    return 1.06 * np.linalg.norm(face.landmarks[16] - face.landmarks[0])


def roughness(pixels, mask):
    return float(
        np.abs(ndimage.laplace(pixels.mean(axis=2)))[ndimage.binary_erosion(mask, iterations=4)].mean()
    )


def test_blur_smooths_more_with_strength_and_keeps_the_rest(seen):
    pixels, _, mask = seen
    outs = [treated(blur.GaussianBlur, seen, strength) for strength in STRENGTHS]
    rough = [roughness(out, mask) for out in (pixels, *outs)]
    assert rough == sorted(rough, reverse=True) and rough[0] > 5 * rough[1]
    assert all(np.array_equal(out[~mask], pixels[~mask]) for out in outs)


def test_blur_is_the_gaussian_of_its_name(seen):
    pixels, faces, mask = seen
    width = region_width(faces[0])
    expected = ndimage.gaussian_filter(pixels, (0.08 * width, 0.08 * width, 0), mode="nearest", truncate=4)
    assert np.abs(treated(blur.GaussianBlur, seen) - expected)[mask].max() < 0.01


@pytest.mark.parametrize("strength", STRENGTHS)
def test_mosaic_is_constant_in_every_cell(seen, strength):
    pixels, faces, mask = seen
    out = treated(mosaic.Mosaic, seen, strength)
    side = round(
        1.06 * np.linalg.norm(faces[0].landmarks[16] - faces[0].landmarks[0]) / mosaic.CELLS[strength]
    )
    top, left = (np.flatnonzero(mask.any(axis=axis))[0] for axis in (1, 0))
    for y in range(top, 256, side):
        for x in range(left, 256, side):
            cell = (slice(y, y + side), slice(x, x + side))
            if mask[cell].any():
                assert np.ptp(out[cell], axis=(0, 1)).max() < 1e-6
                assert np.allclose(out[cell][0, 0], pixels[cell].mean(axis=(0, 1)), atol=1e-5)
            else:
                assert np.array_equal(out[cell], pixels[cell])


def test_cells_at_the_pictures_edge_are_cut():
    mask = np.zeros((10, 7), bool)
    mask[5:, 4:] = True
    cells = Cells.over(mask, 4)
    assert cells.rows.tolist() == [5, 9, 10] and cells.columns.tolist() == [4, 7]
    assert cells.sizes().tolist() == [[12], [3]]


def test_pixel_dp_noise_scale_by_hand():
    # Fan's setting, 16 of 16 x 16 pixels differ: 3 channels x 16 / (256 x 0.5) = 0.375.
    assert pixel_dp.noise_scale(np.array([256]), 16, 0.5) == pytest.approx([0.375])
    # A cell cut to half at the picture's edge: the same pixels weigh twice as much.
    assert pixel_dp.noise_scale(np.array([128]), 16, 0.5) == pytest.approx([0.75])


def test_pixel_dp_noise_is_laplace_and_follows_the_draws():
    noise = pixel_dp.laplace(DRAWS, (20000,), "x")
    assert stats.kstest(noise, "laplace").pvalue > 0.01
    assert np.array_equal(noise, pixel_dp.laplace(DRAWS, (20000,), "x"))
    assert abs(np.corrcoef(noise, pixel_dp.laplace(Key.from_names("other"), (20000,), "x"))[0, 1]) < 0.03


def test_pixel_dp_strays_from_the_mosaic_by_its_scale(seen):
    mask = seen[2]
    calm = treated(mosaic.Mosaic, seen, "medium")
    noise = (treated(pixel_dp.PixelDP, seen, "weak") - calm)[mask]
    # The mean absolute value of a Laplace variable is its scale: 3 / 16 / 10.
    assert np.abs(noise).mean() == pytest.approx(3 / 160, rel=0.2)


def test_pixel_dp_without_a_key_repeats_and_with_keys_differs():
    images = probes.faces()[:1]
    batch = Batch(images, ("a",), pd.DataFrame(index=[0]))
    method = loaded(pixel_dp.PixelDP)
    assert torch.equal(method.anonymize(batch), method.anonymize(batch))
    one, two = (method.anonymize(batch, [Key.from_names(i)]) for i in range(2))
    assert not torch.equal(one, two)


@pytest.mark.parametrize("strength", STRENGTHS)
def test_eyes_only_keeps_the_eyes_bitwise_and_nothing_else(seen, strength):
    pixels, faces, _ = seen
    out = treated(eye_keep.EyeKeep, seen, strength)
    kept = out.any(axis=2)
    assert np.array_equal(out[kept], pixels[kept])
    x, y = np.round(faces[0].landmarks).astype(int).T
    assert np.array_equal(out[y[36:48], x[36:48]], pixels[y[36:48], x[36:48]])
    assert not out[y[48:68], x[48:68]].any() and not out[y[:17].clip(0, 255), x[:17].clip(0, 255)][4:13].any()


def test_eyes_only_keeps_less_with_strength(seen):
    kept = [treated(eye_keep.EyeKeep, seen, strength).any(axis=2).mean() for strength in STRENGTHS]
    assert kept == sorted(kept, reverse=True) and kept[-1] > 0.01


def test_every_face_in_a_picture_is_treated():
    pair = torch.cat(list(probes.faces()[:2]), dim=2)[None]
    out = loaded(Blackout).anonymize(Batch(pair, ("a",), pd.DataFrame(index=[0])))
    assert len(find_faces(pair[0])) == 2
    halves = [(out[..., part] == 0).all(dim=1).float().mean() for part in (slice(256), slice(256, None))]
    assert min(halves) > 0.15


def test_found_faces_scale_with_the_picture():
    small = probes.faces()[0]
    large = torch.nn.functional.interpolate(small[None], scale_factor=6, mode="bilinear")[0]
    tiny = probes.framed(64, 64)[0]
    box = np.array(find_face(small))
    # dlib's boxes come from a coarse pyramid: a tenth of their side is their step.
    assert np.allclose(np.array(find_face(large)) / 6, box, atol=0.15 * (box[2] - box[0]))
    assert np.allclose(np.array(find_face(tiny)) * 4, box, atol=0.15 * (box[2] - box[0]))
    near = find_faces(tiny)[0].landmarks * 4 + 1.5 - find_faces(small)[0].landmarks
    assert np.abs(near).mean() < 5


def test_no_face_is_told():
    with pytest.raises(FaceNotFound, match="no face"):
        find_face(torch.zeros(3, 128, 128))


@pytest.mark.parametrize("name", [n for n in METHODS.names() if METHODS.get(n).card.backend == "classical"])
def test_presets_are_those_of_the_card_and_tell_themselves_apart(name):
    cls = METHODS.get(name)
    assert cls.card.presets in (("default",), STRENGTHS)
    prints = {loaded(cls, preset).fingerprint() for preset in cls.card.presets}
    assert len(prints) == len(cls.card.presets)
    with pytest.raises(MedbenchError, match="preset"):
        loaded(cls, "nonsense")
