"""SimSwap on its shipped weights: the source gives the face, the target all the rest."""

import functools

import numpy as np
import pytest
import torch

from medbench.keys import Key
from medbench.methods.classical.alignment import moved
from medbench.methods.face_region import find_faces
from medbench.methods.inner_face import inner_blend
from medbench.methods.networks.discriminator import PatchDiscriminator
from medbench.methods.networks.recogniser import Recogniser
from medbench.methods.simswap.alignment import POINTS, five_points, into_crop
from medbench.methods.simswap.losses import Swaps, embed, matching
from medbench.methods.simswap.method import SimSwap
from medbench.methods.simswap.model import Generator
from medbench.methods.simswap.pairs import FIRST, PEOPLE
from medbench.methods.simswap.train import swap_step
from medbench.suites.mini.identity import identity
from medbench.suites.mini.render import render
from medbench.suites.mini.splits import SPLITS, scene_of
from medbench.suites.mini.suite import MiniSuite

METHOD = SimSwap
NAMES = [f"select-{subject:04d}-{subject % 8}" for subject in range(2, 100, 14)]


@pytest.fixture(scope="module")
def targets():
    """Pixels (256, 256, 3) in [0, 1] and landmarks of seven people of the select split."""
    found = []
    for name in NAMES:
        pixels = MiniSuite().read("select", name).image.astype(np.float32) / 255
        found.append((pixels, find_faces(torch.from_numpy(pixels).permute(2, 0, 1))[0].landmarks))
    return found


@pytest.fixture(scope="module")
def swaps(method, targets):
    """Each target with the face of another person of the gallery."""
    persons = [(5 * number + 1) % PEOPLE for number in range(len(targets))]
    drawn = [method.swapped(p, lm, who) for (p, lm), who in zip(targets, persons, strict=True)]
    return persons, drawn


def as_images(pictures):
    return torch.from_numpy(np.stack(pictures).astype(np.float32)).permute(0, 3, 1, 2)


def test_the_source_gives_the_face(swaps, targets):
    from medbench.metrics.evaluators.detector_hog import EVALUATOR as HOG
    from medbench.metrics.evaluators.identity_dlib import EVALUATOR as DLIB

    persons, drawn = swaps
    hog, dlib = HOG(), DLIB()
    hog.load()
    dlib.load()
    sources = [portrait(*both) for both in zip(persons, NAMES, strict=True)]
    seen = []
    for pictures in (drawn, [pixels for pixels, _ in targets], sources):
        found = hog.look(as_images(pictures))
        assert found["detected"].all()
        seen.append(dlib.look(as_images(pictures), found["boxes"])["identity"])
    to_target = np.linalg.norm(seen[0] - seen[1], axis=1)
    to_source = np.linalg.norm(seen[0] - seen[2], axis=1)
    assert (to_source < to_target).mean() >= 0.7, (to_source, to_target)


def portrait(person, name):
    """The person of the gallery in the scene of a target."""
    return render(identity(FIRST + person), scene_of(name)[1]).image.astype(np.float32) / 255


def test_the_target_gives_expression_and_pose(swaps, targets):
    _, drawn = swaps
    errors, strangers = [], []
    for number, (picture, (_, own)) in enumerate(zip(drawn, targets, strict=True)):
        there = find_faces(torch.from_numpy(picture).permute(2, 0, 1))[0].landmarks
        apart = np.linalg.norm(own[36:42].mean(0) - own[42:48].mean(0))
        other = targets[number - 1][1]
        errors.append(np.linalg.norm(there - own, axis=1)[17:].mean() / apart)
        strangers.append(np.linalg.norm(other - own, axis=1)[17:].mean() / apart)
    assert np.mean(errors) < 0.08, errors
    assert np.mean(errors) < 0.5 * np.mean(strangers)


def test_outside_the_face_every_pixel_stays(swaps, targets):
    _, drawn = swaps
    for picture, (pixels, landmarks) in zip(drawn, targets, strict=True):
        weight = inner_blend(landmarks, 256, 256)
        assert np.array_equal(picture[weight == 0], pixels[weight == 0])
        assert np.abs(picture - pixels)[weight == 1].mean() > 0.02


def test_the_draw_picks_the_person(method, targets):
    pixels, landmarks = targets[0]
    faces = find_faces(torch.from_numpy(pixels).permute(2, 0, 1))
    first, again, other = (method.treat(pixels.copy(), faces, Key.from_names("t", n)) for n in (1, 1, 2))
    assert np.array_equal(first, again)
    inside = inner_blend(landmarks, 256, 256) == 1
    assert np.abs(first - other)[inside].mean() > 0.01


def test_nobody_of_a_split_is_in_the_gallery():
    assert all(split.offset + split.subjects <= FIRST for split in SPLITS.values())


def test_the_crop_lays_five_points_on_arcfaces(targets):
    _, landmarks = targets[0]
    exact = np.zeros((68, 2))
    exact[36:42], exact[42:48], exact[30], exact[48], exact[54] = (2 * POINTS + [7, -3])[:, None][range(5)]
    assert np.allclose(into_crop(exact), [[0.5, 0, -3.5], [0, 0.5, 1.5]], atol=1e-9)
    placed = five_points(moved(landmarks, into_crop(landmarks)))
    assert np.abs(placed - POINTS).max() < 8


def test_feature_matching_is_weak():
    """The first layers, which hold what a person looks like, have no say; the last ones have."""
    torch.manual_seed(0)
    critic = PatchDiscriminator((8, 8, 8, 8, 8)).eval()
    one, other = torch.rand(2, 2, 3, 128, 128)
    assert matching(critic, one, one) == 0
    assert matching(critic, one, other) > 0
    blind = torch.nn.Conv2d(8, 8, 4, stride=2, padding=1)
    torch.nn.init.zeros_(blind.weight)
    critic.trunk[4] = blind
    assert not torch.allclose(critic.trunk[:4](one), critic.trunk[:4](other))
    assert matching(critic, one, other) == 0


def test_training_steps_lower_the_loss():
    torch.manual_seed(3)
    net, critic, recogniser = Generator(2), PatchDiscriminator((8, 8, 8, 8, 8)), Recogniser().eval()
    faces = torch.nn.functional.avg_pool2d(torch.rand(2, 3, 128, 128), 9, 1, 4)
    batch = Swaps(faces, faces.flip(0), torch.nn.functional.normalize(torch.randn(2, 128), dim=1))
    rule = torch.optim.AdamW(net.parameters(), 1e-3)
    losses = []
    for _ in range(5):
        loss = swap_step(net, critic, functools.partial(embed, recogniser), batch, 0, 1.0)["total"]
        losses.append(loss.item())
        rule.zero_grad()
        loss.backward()
        rule.step()
    assert losses[-1] < 0.95 * losses[0]
