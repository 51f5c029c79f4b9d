"""Password on its shipped weights: each bit counts, the complement restores, nothing else does."""

import pytest
import torch

from medbench.core import Batch
from medbench.keys import Key
from medbench.methods.conformance import probes
from medbench.methods.networks.discriminator import PatchDiscriminator
from medbench.methods.networks.lattice import SIDE, analyse, compose
from medbench.methods.networks.recogniser import Recogniser
from medbench.methods.networks.resample import grow, shrink
from medbench.methods.password.bits import BITS, passwords, person, standing_for
from medbench.methods.password.losses import losses
from medbench.methods.password.method import Password
from medbench.methods.password.reader import BitReader
from medbench.methods.password.secret import Secret
from medbench.methods.password.transformer import FaceIdentityTransformer
from medbench.methods.training.sketches import Scenes

METHOD = Password
KEYS = [Key.from_names("test password", number) for number in range(3)]


@pytest.fixture(scope="module")
def face():
    return shrink(probes.faces()[0], SIDE)


@pytest.fixture(scope="module")
def protected(method, face):
    return probes.eight_bit(method.transform(face, passwords(KEYS[:1])[0]).drawn[0])


def flipped(bits, place):
    return torch.where(torch.arange(BITS) == place, -bits, bits)


def psnr(a, b):
    return float(-10 * torch.log10((a - b).square().mean()))


def test_each_bit_changes_the_person_and_so_does_the_complement():
    bits = torch.randint(0, 2, (40, BITS), generator=torch.Generator().manual_seed(1)) * 2.0 - 1
    own = person(bits)
    others = [person(flipped(bits, place)) for place in range(BITS)]
    assert all((other != own).all() for other in others)
    assert (person(-bits) != own).all()
    near_complement = [person(-flipped(bits, place)) for place in range(BITS)]
    assert all((other != own).all() for other in near_complement)


def test_passwords_stand_for_the_person_asked_for():
    wanted = torch.arange(16)
    assert torch.equal(person(standing_for(wanted)), wanted)


def test_one_flipped_bit_changes_the_face(method, face, protected):
    bits = passwords(KEYS[:1])[0]
    for place in (0, 7, 15):
        other = method.transform(face, flipped(bits, place)).drawn[0]
        assert 255 * (other - protected)[:, 32:100, 32:96].abs().mean() > 6, place


def test_the_complement_restores_and_its_neighbours_do_not(method, face, protected):
    bits = -passwords(KEYS[:1])[0]
    right = method.transform(protected, bits)
    assert psnr(right.picture[0], face) >= 30
    assert float(right.opened) > 0.99
    wrong = [flipped(bits, place) for place in (3, 12)] + [-bits, passwords(KEYS[1:2])[0]]
    for other in wrong:
        opened = method.transform(protected, other)
        assert psnr(opened.picture[0], face) < psnr(right.picture[0], face) - 10
        assert float(opened.opened) < 0.01


def test_no_single_wrong_bit_leaves_a_trace_of_the_mark(method, protected):
    bits = -passwords(KEYS[:1])[0]
    guesses = torch.stack([bits, *(flipped(bits, place) for place in range(BITS))])
    marks = method.network.secret.read(protected.expand(len(guesses), -1, -1, -1), guesses)[1]
    assert marks[0] > 0.9
    assert marks[1:].abs().max() < 0.35


def test_a_picture_of_another_size_comes_back_too(method):
    image = probes.framed(330, 410)
    held = probes.eight_bit(method.anonymize(Batch(image, ("one",), None), KEYS[:1]))
    back = method.restore(held, KEYS[:1])
    wrong = method.restore(held, KEYS[1:2])
    assert psnr(back, image) >= 22
    assert psnr(wrong, image) < psnr(back, image) - 3
    assert psnr(held, image) < psnr(back, image) - 3


def test_growing_and_shrinking_lose_nothing():
    picture = torch.rand(2, 3, SIDE, SIDE, dtype=torch.float64)
    for side in (128, 171, 256, 300):
        assert torch.allclose(shrink(grow(picture, side), SIDE), picture, atol=1e-4)
    assert torch.allclose(compose(*analyse(picture)), picture, atol=1e-5)


def test_one_training_step_lowers_the_loss():
    torch.manual_seed(0)
    smooth = torch.nn.functional.interpolate(
        torch.rand(2 + 4 + 4, 3, 8, 8), size=(SIDE, SIDE), mode="bilinear"
    )
    images, sketches, wanted = smooth.split([2, 4, 4])
    heads = torch.ones(4, 1, SIDE, SIDE)
    scenes = Scenes(images, sketches, wanted, heads, torch.tensor([3, 8, 1, 14]))
    network, reader, critic = FaceIdentityTransformer(), BitReader(), PatchDiscriminator((8, 8, 8, 8, 8))
    network.secret.start_from(smooth)
    recogniser = Recogniser().eval().requires_grad_(False)
    optimiser = torch.optim.Adam(network.parameters(), 2e-4)

    def total():
        torch.manual_seed(1)
        return losses(network, reader, critic, recogniser, scenes)["total"]

    before = total()
    for _ in range(3):
        optimiser.zero_grad()
        total().backward()
        optimiser.step()
    assert total() < before


def test_the_reader_learns_to_read_the_bits():
    torch.manual_seed(0)
    before, shown = (grow(torch.rand(2, 4, 3, 16, 16), SIDE) + 0.1 * torch.rand(2, 4, 3, SIDE, SIDE)) / 1.1
    secret, reader = Secret(), BitReader()
    secret.start_from(before)
    optimiser = torch.optim.Adam(
        [{"params": reader.parameters(), "lr": 6e-3}, {"params": secret.parameters(), "lr": 2e-3}]
    )
    for _ in range(60):
        bits = torch.randint(0, 2, (4, BITS)) * 2.0 - 1
        after = compose(analyse(shown)[0], secret.write(before, bits))
        logits = reader(before, after)
        optimiser.zero_grad()
        torch.nn.functional.softplus(-logits * bits).mean().backward()
        optimiser.step()
    assert (logits * bits > 0).float().mean() > 0.85
