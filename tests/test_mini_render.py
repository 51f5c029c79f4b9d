"""What the renderer draws: truth in the right place, signs at the eyes only, scenes that change persons."""

import dataclasses
import functools

import numpy as np
import pytest

from medbench.core import DISEASES
from medbench.suites.mini.atlas import NEUTRAL, neutral_face
from medbench.suites.mini.digest import SAMPLES, check_digest
from medbench.suites.mini.identity import identity
from medbench.suites.mini.region import eye_region
from medbench.suites.mini.render import SIZE, render
from medbench.suites.mini.scene import scene
from medbench.suites.mini.splits import scene_of

SUBJECTS = (2003, 2050)


@functools.cache
def drawn(subject, disease, grade=2, shot=1):
    return render(identity(subject), scene(subject, shot, disease, grade))


def test_the_renderer_has_not_drifted():
    drifts = check_digest(SAMPLES[:4] + SAMPLES[18:20])
    assert all(drift.within for drift in drifts), [d for d in drifts if not d.within]


@pytest.mark.slow
def test_the_renderer_has_not_drifted_on_the_whole_digest():
    drifts = check_digest()
    assert len(drifts) == 24
    assert all(drift.within for drift in drifts), [d for d in drifts if not d.within]


@pytest.mark.parametrize("disease", DISEASES)
def test_only_tumours_have_a_mask_and_it_lies_at_the_eyes(disease):
    for subject in SUBJECTS:
        picture = drawn(subject, disease)
        assert picture.mask.any() == (disease in ("BCC", "SCC", "Conj"))
        assert not (picture.mask & ~eye_region(picture.landmarks, (SIZE, SIZE))).any()


@pytest.mark.parametrize("disease", [d for d in DISEASES if d != "Normal"])
def test_a_disease_changes_the_eye_region_and_nothing_else(disease):
    for subject in SUBJECTS:
        healthy, ill = drawn(subject, "Normal"), drawn(subject, disease)
        region = eye_region(healthy.landmarks, (SIZE, SIZE))
        change = np.abs(healthy.image.astype(int) - ill.image).max(axis=2)
        assert change[region].max() > 30
        # shade of a lesion may reach past the region by a few grey levels
        assert change[~region].max() <= 6


def test_landmarks_lie_in_the_image_and_on_the_face():
    for subject in SUBJECTS:
        points = drawn(subject, "Normal").landmarks
        assert points.shape == (68, 2)
        assert ((points > 0) & (points < SIZE)).all()
        assert points[8, 1] > points[57, 1] > points[33, 1] > points[27, 1]
        assert points[0, 0] < points[36, 0] < points[45, 0] < points[16, 0]


def test_landmarks_of_a_frontal_face_are_symmetric():
    points = render(identity(2003), NEUTRAL).landmarks
    middle = points[27:31, 0].mean()
    np.testing.assert_allclose(points[36] - [middle, 0], (points[45] - [middle, 0]) * [-1, 1], atol=0.3)
    np.testing.assert_allclose(points[0] - [middle, 0], (points[16] - [middle, 0]) * [-1, 1], atol=0.3)


def test_a_scene_takes_another_person():
    who, setting = scene_of("val-0003-0")
    other = identity(2050)
    first, second = render(who, setting), render(other, setting)
    for column in ("disease", "severity", "side", "yaw", "pitch", "roll", "gaze_yaw", "gaze_pitch"):
        assert first.truth[column] == second.truth[column]
    assert first.truth["subject"] != second.truth["subject"]
    # the wall in the upper corners is the scene's, the face is the person's
    corner = np.s_[:8, :8]
    assert np.array_equal(first.image[corner], second.image[corner])
    assert np.abs(first.image.astype(int) - second.image)[80:200, 80:180].mean() > 5


def test_a_face_turned_right_shows_its_nose_further_right():
    who = identity(2003)
    turned = render(who, dataclasses.replace(NEUTRAL, yaw=0.3))
    straight = render(who, NEUTRAL)
    assert turned.landmarks[30, 0] > straight.landmarks[30, 0] + 10
    assert turned.truth["yaw"] == pytest.approx(np.rad2deg(0.3))
    assert turned.truth["gaze_yaw"] == pytest.approx(np.rad2deg(0.3))


def test_correspondence_leads_from_pixels_to_the_atlas():
    who = identity(2003)
    picture = render(who, NEUTRAL, correspondence=True)
    on_head = picture.alpha > 0.99
    assert picture.uv.shape == (SIZE, SIZE, 2)
    assert np.isfinite(picture.uv[on_head]).all()
    assert np.isnan(picture.uv[picture.alpha == 0]).all()
    # the nose's bridge lies in the middle of the chart; u grows to the image's right
    x, y = picture.landmarks[28].round().astype(int)
    assert abs(picture.uv[y, x, 0]) < 0.02
    assert picture.uv[y, x + 30, 0] > 0.1
    atlas = neutral_face(who).colour
    assert atlas.shape == (360, 400, 3)
    # lips are redder than the forehead in the atlas, found by the pixels' coordinates
    lip, forehead = (
        atlas[tuple(((picture.uv[v, u, ::-1] + 1) / 2 * [359, 399]).round().astype(int))]
        for u, v in (picture.landmarks[57].round().astype(int), (x, y - 30))
    )
    assert lip[0] / lip[1] > 1.1 * forehead[0] / forehead[1]
