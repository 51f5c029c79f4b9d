"""RiDDLE: two passwords, two people; the right one back, a wrong one a stranger; the losses teach it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import torch

from medbench.core import Batch
from medbench.keys import Key
from medbench.methods.networks.style_encoder import StyleEncoder
from medbench.methods.networks.style_prior import StylePrior
from medbench.methods.riddle.encryptor import Encryptor
from medbench.methods.riddle.look import Look
from medbench.methods.riddle.losses import Round, riddle_losses
from medbench.methods.riddle.method import RiddleMethod
from medbench.methods.riddle.model import Core, Riddle
from medbench.methods.riddle.train import Patients, standardise, step_losses
from medbench.methods.training.seeds import seeded
from medbench.suites.mini.draw import load

#: dlib distance at one false match in a thousand on the select split (``medbench run`` calibrates it).
SUITE_THRESHOLD = 0.318
IDS = [f"select-{subject:04d}-0" for subject in range(0, 100, 5)]


@pytest.fixture(scope="module")
def method() -> RiddleMethod:
    pytest.importorskip("dlib")
    riddle = RiddleMethod()
    riddle.load()
    return riddle


def picture(sample_id: str) -> torch.Tensor:
    return torch.from_numpy(load(sample_id)[0]).permute(2, 0, 1)[None].float() / 255


def protect(method: RiddleMethod, sample_id: str, word: str) -> torch.Tensor:
    batch = Batch(picture(sample_id), (sample_id,), pd.DataFrame({"id": [sample_id]}))
    return (method.anonymize(batch, [Key.from_names(word)]) * 255).round() / 255


def untrained() -> Riddle:
    riddle = Riddle(seeded(StylePrior, "test"), seeded(StyleEncoder, "test"), seeded(Core, "test"))
    for net in (riddle.prior, riddle.encoder):
        net.requires_grad_(False)
    standardise(riddle, people=300)
    return riddle


def test_layers_meet_the_password_of_their_own_group_only() -> None:
    encryptor = seeded(Encryptor, "test").eval()
    latent, password = torch.randn(1, 8, 128), torch.randn(1, 8, 128)
    other = password.clone()
    other[:, :2] += 1
    changed = (encryptor.tokens(latent, password) != encryptor.tokens(latent, other)).any(2)[0]
    assert changed.tolist() == [True, True, *[False] * 6]


def test_a_step_lowers_the_loss_on_a_fixed_batch() -> None:
    riddle, look = untrained(), seeded(Look, "test")
    optimiser = torch.optim.Adam(riddle.core.parameters(), lr=1e-3)
    batch = Patients(torch.randn(6, 64), torch.randn(6, 22), torch.full((64,), 0.8), 0.1 * torch.randn(6, 64))
    totals = []
    for _ in range(8):
        torch.manual_seed(0)
        loss = step_losses(riddle, look, batch)["total"]
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        totals.append(float(loss.detach()))
    assert totals[-1] < 0.95 * totals[0]


def test_losses_tell_the_right_way_from_the_wrong_ones() -> None:
    prior, look = seeded(StylePrior, "test"), seeded(Look, "test")
    with torch.no_grad():
        a, b, c, d, e = prior.sample(np.random.default_rng(3), 20).split(4)
        good = riddle_losses(prior, look, Round(a, b, c, a, d, e))
        kept = riddle_losses(prior, look, Round(a, a, c, a, d, e))
        same = riddle_losses(prior, look, Round(a, b, b, a, d, e))
        lost = riddle_losses(prior, look, Round(a, b, c, d, d, e))
        told = riddle_losses(prior, look, Round(a, b, c, a, a, e))
    assert good["recover"] < 1e-4 and good["same"] < 1e-4
    assert kept["protect"] > good["protect"] and same["diverse"] > good["diverse"]
    assert lost["recover"] > good["recover"] and lost["same"] > good["same"]
    assert told["wrong"] > good["wrong"]


def test_dropout_is_off(method: RiddleMethod) -> None:
    assert not any(module.training for module in method.riddle.modules())
    assert torch.equal(protect(method, IDS[0], "a"), protect(method, IDS[0], "a"))


def test_the_right_password_is_nearer_than_a_wrong_one_and_the_background_stays(method: RiddleMethod) -> None:
    original = torch.cat([picture(name) for name in IDS[:3]])
    protected = torch.cat([protect(method, name, "a") for name in IDS[:3]])
    right, wrong = (method.restore(protected, [Key.from_names(word)] * 3) for word in ("a", "b"))
    assert float((right - original).abs().mean()) < 0.7 * float((protected - original).abs().mean())
    assert float((right - original).abs().mean()) < 0.7 * float((wrong - original).abs().mean())
    corner = (..., slice(0, 60), slice(0, 20))
    assert torch.equal((original[corner] * 255).round(), (protected[corner] * 255).round())


@pytest.mark.slow
def test_two_passwords_two_people_and_a_wrong_one_is_a_third(method: RiddleMethod) -> None:
    """Judged by dlib's recogniser, at the suite's threshold."""
    from medbench.metrics.evaluators.detector_hog import EVALUATOR as HOG
    from medbench.metrics.evaluators.identity_dlib import EVALUATOR as DLIB

    hog, dlib = HOG(), DLIB()
    hog.load()
    dlib.load()
    originals = torch.cat([picture(name) for name in IDS])
    boxes = hog.look(originals)["boxes"]
    first, second = (torch.cat([protect(method, name, word) for name in IDS]) for word in ("a", "b"))
    wrong = method.restore(first, [Key.from_names("c")] * len(IDS))
    faces = {
        name: dlib.look(images, boxes)["identity"]
        for name, images in (("own", originals), ("a", first), ("b", second), ("wrong", wrong))
    }

    def matching(one: str, other: str) -> float:
        return float((np.linalg.norm(faces[one] - faces[other], axis=1) <= SUITE_THRESHOLD).mean())

    assert matching("a", "b") <= 0.05
    assert matching("own", "a") <= 0.05
    assert matching("own", "wrong") <= 0.05
