"""DeepPrivacy and DeepPrivacy2 on their shipped weights: the face itself never enters."""

import pytest
import torch

from medbench.keys import Key
from medbench.methods.deepprivacy.method import DeepPrivacy
from medbench.methods.deepprivacy2.method import DeepPrivacy2
from medbench.methods.face_region import find_faces
from medbench.suites.mini.suite import MiniSuite


@pytest.fixture(scope="module")
def pictures():
    names = ("select-0003-2", "select-0031-5", "select-0064-0")
    images = [MiniSuite().read("select", name).image for name in names]
    return [torch.from_numpy(image).permute(2, 0, 1).float() / 255 for image in images]


@pytest.fixture(scope="module", params=[DeepPrivacy, DeepPrivacy2])
def method(request):
    made = request.param()
    made.load()
    return made


def test_the_output_does_not_depend_on_the_faces_pixels(method, pictures):
    for picture in pictures:
        faces = find_faces(picture)
        hole = method.sight.hole(faces[0].landmarks)
        inside = hole.emptied(torch.ones_like(picture))[0] == 0
        assert inside.float().mean() > 0.25
        other = picture.clone()
        other[:, inside] = torch.rand(3, int(inside.sum()))
        assert torch.equal(method.redrawn(picture, faces), method.redrawn(other, faces))
        around = picture.clone()
        around[:, ~inside] *= 0.9
        assert not torch.equal(method.redrawn(picture, faces), method.redrawn(around, faces))


def test_another_noise_is_another_face(method, pictures):
    picture = pictures[0]
    faces = find_faces(picture)
    first, second = (method.redrawn(picture, faces, Key.from_names("noise", n)) for n in (1, 2))
    hole = method.sight.hole(faces[0].landmarks)
    inside = hole.emptied(torch.ones_like(picture))[0] == 0
    assert (first - second)[:, inside].abs().mean() > 0.02
    assert (first - second)[:, ~inside].abs().mean() < 0.01


def test_what_is_drawn_is_a_face_and_not_the_patients(method, pictures):
    from medbench.metrics.evaluators.detector_hog import EVALUATOR as HOG
    from medbench.metrics.evaluators.identity_dlib import EVALUATOR as DLIB

    hog, dlib = HOG(), DLIB()
    hog.load()
    dlib.load()
    images = torch.stack(pictures)
    drawn = torch.stack([method.redrawn(picture, find_faces(picture)) for picture in pictures])
    boxes = hog.look(images)["boxes"]
    assert hog.look(drawn)["detected"].all()
    apart = dlib.look(images, boxes)["identity"] - dlib.look(drawn, boxes)["identity"]
    assert ((apart**2).sum(1) ** 0.5).min() > 0.3


def test_presets_draw_one_face_or_many(pictures):
    same = DeepPrivacy()
    same.load(preset="same")
    codes = [same.code(None, Key.from_names("draw", n)) for n in range(2)]
    assert torch.equal(*codes)
    modes = DeepPrivacy2()
    modes.load(preset="multimodal")
    drawn = torch.cat([modes.code(None, Key.from_names("draw", n)) for n in range(64)])
    likeness = torch.nn.functional.cosine_similarity(drawn[:, None], drawn[None], dim=2)
    near = likeness[torch.triu(torch.ones(64, 64, dtype=torch.bool), 1)] > 0.6
    assert 0.02 < near.float().mean() < 0.2, "about one pair in 16 shares its mode"
