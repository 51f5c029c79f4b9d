"""Training of `ours`: rendered pairs are what they claim, and a step on a fixed batch lowers the loss."""

import numpy as np
import pytest
import torch

from medbench.methods.eye_window import centres, spots
from medbench.methods.fill import fill
from medbench.methods.medsem import pairs as rendered
from medbench.methods.medsem.model import PASSWORD, MedSemMini
from medbench.methods.medsem.network import MedSem
from medbench.methods.medsem.outline import outline
from medbench.methods.medsem.pairs import PEOPLE, draw_pairs, persons_of
from medbench.methods.medsem.priors import priors
from medbench.methods.medsem.shading import lit
from medbench.methods.medsem.train import batches, new_network, train
from medbench.methods.medsem.warmup import Scenes, aim, losses, own_eyes
from medbench.methods.networks.denoising_unet import FirstHalf
from medbench.methods.networks.frozen import freeze
from medbench.methods.networks.medical_encoder import MedicalEncoder
from medbench.methods.networks.recogniser import Recogniser
from medbench.methods.training.job import Job
from medbench.suites.mini.identity import identity
from medbench.suites.mini.render import render
from medbench.suites.mini.splits import SPLITS, sample_ids, scene_of
from medbench.suites.mini.suite import MiniSuite

COUNT = 4


class FewImages:
    """What TrainingImages offers, for the first images of the train split."""

    def __init__(self):
        self.pixels = np.stack([render(*scene_of(name)).image for name in sample_ids("train")[:COUNT]])

    def tensor(self, rows, device="cpu"):
        return torch.from_numpy(self.pixels[rows]).permute(0, 3, 1, 2).float() / 255


@pytest.fixture(scope="module")
def pairs(tmp_path_factory):
    return draw_pairs(tmp_path_factory.mktemp("pairs"), limit=COUNT, workers=1)


def test_virtual_persons_are_nobodys_subjects():
    assert all(s.offset + s.subjects <= min(rendered.PERSONS) for s in SPLITS.values())
    assert not any(identity(number).long_hair for number in rendered.PERSONS)
    person = persons_of(500)
    assert (person[:, 0] != person[:, 1]).all() and set(person.ravel()) == set(range(PEOPLE))


def test_pairs_keep_the_scene_and_change_the_face(pairs):
    truth = MiniSuite().read("train", sample_ids("train")[0]).truth["landmarks68"]
    own = np.stack([truth[36:42].mean(0), truth[42:48].mean(0)])
    assert np.abs(pairs.eyes[0].astype(float) - own).max() < 12
    images = FewImages().pixels.astype(float)
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


def test_the_patients_eyes_move_to_the_persons_places():
    images = torch.full((1, 3, 256, 256), 0.5)
    images[:, :, 100:104, 80:84] = 1.0
    own, eyes = (
        torch.tensor([[[82.0, 102.0], [160.0, 102.0]]]),
        torch.tensor([[[86.0, 108.0], [164.0, 108.0]]]),
    )
    moved = own_eyes(images, torch.full_like(images, 0.5), own, eyes)
    rows, cols = (moved[0, 0] > 0.7).nonzero(as_tuple=True)
    assert rows.float().mean() == pytest.approx(107.5, abs=0.5)
    assert cols.float().mean() == pytest.approx(85.5, abs=0.5)


@pytest.mark.parametrize("terms", [aim, lambda network, scenes: losses(network, scenes)[0]])
def test_a_few_steps_lower_the_loss_on_a_fixed_batch(pairs, terms):
    torch.manual_seed(0)
    network = new_network(MedicalEncoder(FirstHalf()), Recogniser(), pairs)
    scenes = batches(FewImages(), pairs, 2, "cpu", ("test",))(0)
    optimiser = torch.optim.SGD(network.core.parameters(), 0.001)
    seen = []
    for _ in range(4):
        torch.manual_seed(1)
        total = terms(network, scenes)["total"]
        optimiser.zero_grad()
        total.backward()
        optimiser.step()
        seen.append(total.item())
    assert seen[-1] < seen[0]


def test_charts_drawn_where_the_renderer_says_give_the_person(pairs):
    """With the renderer's positions and outline the picture shows the person, not the patient."""
    network = new_network(MedicalEncoder(FirstHalf()), Recogniser(), pairs)
    scenes = batches(FewImages(), pairs, 2, "cpu", ("test",))(0)
    with torch.no_grad():
        medical = network.semantics(scenes.images)
        maps = network.core.encrypt(scenes.images, medical, torch.randn(2, PASSWORD), scenes.person)
        inside = (scenes.head > 0.9) & scenes.uv.isfinite().all(1, keepdim=True)
        known = maps._replace(uv=torch.where(inside, scenes.uv, maps.uv), outline=scenes.outline)
        drawn = network.core.decoder.draw(known, scenes.person, scenes.images)
    face = (slice(None), slice(None), slice(60, 200), slice(80, 176))
    near = (drawn[face] - scenes.wanted[face]).abs().mean()
    assert near < 0.6 * (drawn[face] - scenes.images[face]).abs().mean() and near < 0.1


def test_light_from_the_left_darkens_the_right():
    surface = torch.zeros(1, 4, 1, 3)
    surface[0, 0, 0] = torch.tensor([-1.0, 0.0, 1.0])
    surface[0, 2, 0], surface[:, 3] = torch.tensor([0.0, 1.0, 0.0]), 1.0
    light = torch.zeros(1, 3, 10)
    light[..., 0], light[..., 1] = 0.5, -0.4
    grey = lit(torch.full((1, 3, 1, 3), 0.5), surface, light, torch.zeros(1, 3, 1, 3))[0, 0, 0]
    assert torch.allclose(grey, 0.5 * torch.tensor([0.9, 0.5, 0.1]).sqrt(), atol=1e-6)


def test_what_is_taken_away_is_filled_from_around():
    images = torch.full((1, 3, 32, 32), 0.2)
    images[..., 16:] = 0.8
    keep = torch.ones(1, 1, 32, 32)
    keep[..., 4:12, 2:8] = keep[..., 20:28, 22:30] = 0
    hole = torch.where(keep > 0, images, torch.full_like(images, 9.0))
    filled = fill(hole, keep)
    assert filled[0, 0, 8, 5] == pytest.approx(0.2, abs=0.05)
    assert filled[0, 0, 24, 26] == pytest.approx(0.8, abs=0.05)
    assert (filled - images).abs().max() < 0.2


def test_spots_mark_the_eyes():
    near = spots(torch.tensor([[[90.0, 120.0], [160.0, 120.0]]]))
    assert near[0, 0, 120, 90] > 0.9 > 0.1 > near[0, 1, 120, 90]
    assert near[0, 1, 120, 160] > 0.9 > 0.1 > near[0, :, 220, 128].max()


def test_frozen_medical_encoder_gets_no_gradient():
    network = MedSem(freeze(MedicalEncoder(FirstHalf())), freeze(Recogniser()), MedSemMini(people=2))
    picture = torch.rand(2, 3, 256, 256)
    scenes = Scenes(
        picture, picture, picture, torch.tensor([0, 1]), torch.tensor([1, 0]), torch.zeros(2, 2, 64, 64),
        torch.ones(2, 1, 64, 64), torch.ones(2, 1, 64, 64), *[torch.full((2, 2, 2), 120.0)] * 3,
    )  # fmt: skip
    losses(network, scenes)[0]["total"].backward()
    assert all(p.grad is None for p in network.medical.parameters())
    assert network.core.decoder.light.weight.grad.abs().sum() > 0


def test_training_asks_for_the_suite_it_can_use(tmp_path):
    from medbench.core import MedbenchError

    with pytest.raises(MedbenchError, match="mema-mini"):
        train(Job(MiniSuite(), tmp_path, preset="paper"))
