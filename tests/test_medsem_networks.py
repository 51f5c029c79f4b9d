"""MedSem-DeID's networks and losses: shapes of the paper, signs of the objectives."""

import pytest
import torch

from medbench.methods.medsem.losses import LossWeights, medsem_losses
from medbench.methods.medsem.model import MedSemMini
from medbench.methods.medsem.network import MedSem
from medbench.methods.medsem.paper import MedSemPaper
from medbench.methods.networks.denoising_unet import FirstHalf
from medbench.methods.networks.medical_encoder import MedicalEncoder
from medbench.methods.networks.recogniser import Recogniser

EYES = torch.tensor([[[90.0, 110.0], [166.0, 110.0]]])


@pytest.fixture(scope="module")
def network():
    torch.manual_seed(0)
    return MedSem(MedicalEncoder(FirstHalf()), Recogniser(), MedSemMini(people=4)).eval()


def test_paper_preset_has_the_papers_shapes():
    with torch.device("meta"):
        paper = MedSemPaper(side=256)
        images, medical, password = (
            torch.empty(2, 3, 256, 256),
            torch.empty(2, 320, 16, 16),
            torch.empty(2, 512),
        )
        assert paper.encoder(images).shape == (2, 512, 8, 8)
        protected, hidden = paper.encrypt(images, medical, password)
        assert protected.shape == images.shape and hidden.shape == (2, 512, 8, 8)
        assert paper.decrypt(hidden, password).shape == images.shape
        assert len(paper.encryptor.blocks) == 6
        assert paper.enter.in_channels == 832


def test_mini_draws_any_person_and_saves_small(network, tmp_path):
    images = torch.rand(2, 3, 256, 256)
    drawn = network.encrypt(images, torch.randn(2, 512), torch.tensor([0, 2]), EYES.expand(2, -1, -1))
    assert drawn.shape == images.shape
    network.save(tmp_path / "w.safetensors")
    again = MedSem.from_file(tmp_path / "w.safetensors").eval()
    password = torch.randn(1, 512)
    one, two = (n.encrypt(images[:1], password, torch.tensor([1]), EYES) for n in (network, again))
    assert torch.allclose(one, two, atol=2e-2)


def test_password_and_person_change_the_picture(network):
    images, passwords = torch.rand(1, 3, 256, 256), torch.randn(2, 512)
    first = network.encrypt(images, passwords[:1], torch.tensor([0]), EYES)
    assert not torch.equal(first, network.encrypt(images, passwords[1:], torch.tensor([0]), EYES))
    assert not torch.equal(first, network.encrypt(images, passwords[:1], torch.tensor([1]), EYES))


def test_a_patient_becomes_a_person_of_the_least_like_quarter(network):
    images = torch.rand(3, 3, 256, 256)
    likeness = network.recogniser.embed(images)
    others = torch.nn.functional.normalize(torch.randn(2, 128), dim=1)
    for row in range(3):
        network.looks.copy_(
            torch.stack([likeness[row], others[0], likeness[row] + 0.01 * others[1], -likeness[row]])
        )
        chosen = network.unlike(images[row : row + 1].expand(50, -1, -1, -1), torch.arange(50))
        assert set(chosen.tolist()) == {3}


def test_losses_reward_what_the_paper_asks_for():
    def phi(x):
        return torch.nn.functional.normalize(x.flatten(1) - 0.5, dim=1)

    images = torch.rand(3, 3, 8, 8)
    other = 1 - images
    good = medsem_losses(phi, lambda x: x, images, images, images, other)
    assert good["deid"] == pytest.approx(1, abs=1e-5)
    assert good["rev_id"] == pytest.approx(-1, abs=1e-5)
    assert good["wrong"] == pytest.approx(-1, abs=1e-5)
    assert good["med"] == 0 and good["rev"] == 0
    kept = medsem_losses(phi, lambda x: x, images, other, other, images)
    weights = LossWeights()
    assert weights.total(good) < weights.total({**kept, "deid": good["deid"]})


def test_loss_weights_are_the_papers():
    ones = {name: torch.tensor(1.0) for name in ("deid", "rev_id", "wrong", "med", "rev", "gan")}
    assert LossWeights().total(ones) == pytest.approx(4 + 5 + 0.1)


def test_gradient_of_the_medical_loss_reaches_the_picture(network):
    picture = torch.rand(1, 3, 256, 256, requires_grad=True)
    network.medical.features(picture).square().mean().backward()
    assert picture.grad[..., 100:150, 60:200].abs().sum() > 0
