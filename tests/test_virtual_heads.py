"""Virtual heads: rendered pairs and what the decoder starts from are what they claim."""

import numpy as np
import pytest
import torch

from medbench.methods.eye_window import centres
from medbench.methods.virtual_heads.outline import outline
from medbench.methods.virtual_heads.pairs import draw_pairs, persons_of
from medbench.methods.virtual_heads.people import PEOPLE, PERSONS
from medbench.methods.virtual_heads.priors import priors
from medbench.methods.virtual_heads.shading import lit
from medbench.suites.mini.identity import identity
from medbench.suites.mini.render import render
from medbench.suites.mini.splits import SPLITS, sample_ids, scene_of
from medbench.suites.mini.suite import MiniSuite

COUNT = 4


@pytest.fixture(scope="module")
def pairs(tmp_path_factory):
    return draw_pairs(tmp_path_factory.mktemp("pairs"), limit=COUNT, workers=1)


def test_virtual_persons_are_nobodys_subjects():
    assert all(s.offset + s.subjects <= min(PERSONS) for s in SPLITS.values())
    assert not any(identity(number).long_hair for number in PERSONS)
    person = persons_of(500)
    assert (person[:, 0] != person[:, 1]).all() and set(person.ravel()) == set(range(PEOPLE))


def test_pairs_keep_the_scene_and_change_the_face(pairs):
    truth = MiniSuite().read("train", sample_ids("train")[0]).truth["landmarks68"]
    own = np.stack([truth[36:42].mean(0), truth[42:48].mean(0)])
    assert np.abs(pairs.eyes[0].astype(float) - own).max() < 12
    images = np.stack([render(*scene_of(name)).image for name in sample_ids("train")[:COUNT]]).astype(float)
    border = np.abs(pairs.pixels[:, 0, 8:40, :16].astype(float) - images[:, 8:40, :16]).mean()
    face = np.abs(pairs.pixels[:, 0, 110:200, 90:170].astype(float) - images[:, 110:200, 90:170]).mean()
    assert border < 6 < face


def test_priors_lie_where_the_heads_are(pairs):
    start = priors(pairs)
    assert start.positions.shape == (PEOPLE, 2, 64, 64) and np.isfinite(start.positions).all()
    shown = np.unique(pairs.person)
    across = start.positions[shown[0], 0, 32]
    assert across[44] > across[20]
    assert (start.outlines[shown, 0, 36, 32] > 0).all() and (start.outlines[shown, 0, 4, 2] < 0).all()
    scene = start.keep[shown, 0]
    assert (scene[:, 36, 32] < 0).all() and (scene[:, 4, 2] > 0).all()


def test_eyes_are_found_where_the_atlas_shows_them(pairs):
    start = priors(pairs)
    person = pairs.person[:, 0]
    uv = np.where(np.isfinite(pairs.uv[:, 0]), pairs.uv[:, 0], start.positions[person]).astype(np.float32)
    found = centres(torch.from_numpy(uv), torch.from_numpy(start.eye_places[person]))
    assert np.abs(found.numpy() - pairs.eyes[:, 0].astype(float)).max() < 4


def test_outline_counts_pixels_from_the_edge():
    cover = np.zeros((64, 64), np.uint8)
    cover[:, 32:] = 255
    distance = outline(cover) * 64
    assert np.allclose(distance[20, 30:34], [-6, -2, 2, 6], atol=0.6)
    assert distance.min() == -24 and distance.max() == 24


def test_light_from_the_left_darkens_the_right():
    surface = torch.zeros(1, 4, 1, 3)
    surface[0, 0, 0] = torch.tensor([-1.0, 0.0, 1.0])
    surface[0, 2, 0], surface[:, 3] = torch.tensor([0.0, 1.0, 0.0]), 1.0
    light = torch.zeros(1, 3, 10)
    light[..., 0], light[..., 1] = 0.5, -0.4
    grey = lit(torch.full((1, 3, 1, 3), 0.5), surface, light, torch.zeros(1, 3, 1, 3))[0, 0, 0]
    assert torch.allclose(grey, 0.5 * torch.tensor([0.9, 0.5, 0.1]).sqrt(), atol=1e-6)
