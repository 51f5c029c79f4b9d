"""G2Face on its shipped weights: who it was comes back from the protected PNG and the key."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from PIL import Image

from medbench.core import Batch
from medbench.keys import Key
from medbench.methods.conformance import probes
from medbench.methods.face_window import Window
from medbench.methods.g2face.fusion import Fusion
from medbench.methods.g2face.hiding import REACH, find, hide
from medbench.methods.g2face.losses import Scenes, losses
from medbench.methods.g2face.method import G2Face
from medbench.methods.networks.discriminator import PatchDiscriminator
from medbench.methods.networks.frozen import freeze
from medbench.methods.networks.recogniser import Recogniser
from medbench.methods.networks.style_prior import StylePrior

KEY, WRONG = Key.from_names("test g2face"), Key.from_names("test g2face", "wrong")


def new_method():
    made = G2Face()
    made.load()
    return made


@pytest.fixture(scope="module")
def method():
    return new_method()


@pytest.fixture(scope="module")
def image():
    return probes.faces()[:1]


@pytest.fixture(scope="module")
def png(method, image, tmp_path_factory):
    file = tmp_path_factory.mktemp("g2face") / "protected.png"
    protected = method.anonymize(Batch(image, ("one",), None), [KEY])
    Image.fromarray((protected[0].permute(1, 2, 0) * 255).round().byte().numpy()).save(file)
    return file


def read(file):
    return torch.from_numpy(np.array(Image.open(file))).permute(2, 0, 1)[None].float() / 255


def cosine(a, b):
    return float(F.cosine_similarity(a, b, dim=0))


def seen(method, image):
    return method.encoder.encode(F.avg_pool2d(image, 2))[0][0].detach().clamp(-REACH, REACH)


def test_the_identity_comes_back_from_the_png_alone(method, image, png):
    truth = seen(method, image)
    _, right = find(read(png)[0], KEY, 64)
    _, wrong = find(read(png)[0], WRONG, 64)
    assert cosine(right, truth) > 0.99
    assert abs(cosine(wrong, truth)) < 0.5


def test_restoring_needs_nothing_that_protecting_left_behind(method, image, png):
    again = new_method()
    assert torch.equal(again.restore(read(png), [KEY]), method.restore(read(png), [KEY]))


def test_the_right_key_restores_and_a_wrong_one_draws_somebody_else(method):
    images = probes.faces()
    held = probes.eight_bit(method.anonymize(Batch(images, ("a", "b", "c"), None), [KEY] * 3))
    right, wrong = (method.restore(held, [key] * 3) for key in (KEY, WRONG))
    error = [float((pictures - images).square().mean()) for pictures in (right, held, wrong)]
    assert error[0] < min(error[1:])
    for restored, other, image in zip(right, wrong, images, strict=True):
        truth = seen(method, image[None])
        assert cosine(seen(method, restored[None]), truth) > cosine(seen(method, other[None]), truth) + 0.3


def test_a_mark_on_the_skin_does_not_pass_through(method, image):
    marked = image.clone()
    marked[..., 100:106, 125:131] = torch.tensor([0.0, 0.9, 0.1])[:, None, None]
    before, after = (
        method.anonymize(Batch(x, ("one",), None), [KEY])[..., 101:105, 126:130].mean((2, 3))
        for x in (image, marked)
    )
    change = (marked - image)[..., 101:105, 126:130].mean((2, 3))
    assert (after - before).abs().max() < 0.3 * change.abs().max()


@pytest.mark.parametrize("side", [64, 131, 256])
def test_numbers_survive_rounding_to_8_bits(side):
    draws = torch.Generator().manual_seed(side)
    code = torch.randn(64, generator=draws).clamp(-REACH, REACH)
    picture = torch.rand(3, side + 9, side + 20, generator=draws) * 0.5 + 0.25
    window = Window(5, 11, side)
    held = probes.eight_bit(hide(picture, code, window, KEY, picture))
    found, numbers = find(held, KEY, 64)
    assert found == window
    assert (numbers - code).abs().max() < 0.25
    assert (find(held, WRONG, 64)[1] - code).abs().max() > 1


def test_one_training_step_lowers_the_loss():
    torch.manual_seed(0)
    images, wanted, empty = torch.rand(3, 1, 3, 128, 128)
    scenes = Scenes(images, wanted, empty, torch.randn(1, 64), torch.randn(1, 64), torch.randn(1, 22))
    prior, fusion, critic = freeze(StylePrior()), Fusion(), PatchDiscriminator((8, 8, 8, 8, 8))
    recogniser = freeze(Recogniser())
    optimiser = torch.optim.Adam(fusion.parameters(), 1e-3)
    totals = []
    for _ in range(3):
        optimiser.zero_grad()
        total = losses(prior, fusion, critic, recogniser, scenes)["total"]
        total.backward()
        optimiser.step()
        totals.append(total.item())
    assert totals[-1] < totals[0]
