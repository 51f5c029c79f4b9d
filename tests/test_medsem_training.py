"""Training of `ours`: a step on a fixed batch lowers the loss, and the start is drawn from the pairs."""

import numpy as np
import pytest
import torch

from medbench.methods.medsem.model import MedSemMini
from medbench.methods.medsem.network import MedSem
from medbench.methods.medsem.train import new_network, train
from medbench.methods.medsem.warmup import aim, losses
from medbench.methods.networks.denoising_unet import FirstHalf
from medbench.methods.networks.frozen import freeze
from medbench.methods.networks.medical_encoder import MedicalEncoder
from medbench.methods.networks.password_transformer import PASSWORD
from medbench.methods.networks.recogniser import Recogniser
from medbench.methods.training.head_scenes import Scenes, batches
from medbench.methods.training.job import Job
from medbench.methods.virtual_heads.pairs import draw_pairs
from medbench.suites.mini.render import render
from medbench.suites.mini.splits import sample_ids, scene_of
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
        medical = network.medical.whole(scenes.images)
        maps = network.core.encrypt(scenes.images, medical, torch.randn(2, PASSWORD), scenes.person)
        inside = (scenes.head > 0.9) & scenes.uv.isfinite().all(1, keepdim=True)
        known = maps._replace(uv=torch.where(inside, scenes.uv, maps.uv), outline=scenes.outline)
        drawn = network.core.decoder.draw(known, scenes.person, scenes.images)
    face = (slice(None), slice(None), slice(60, 200), slice(80, 176))
    near = (drawn[face] - scenes.wanted[face]).abs().mean()
    assert near < 0.6 * (drawn[face] - scenes.images[face]).abs().mean() and near < 0.1


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
