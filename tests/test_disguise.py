"""Disguise on its shipped weights: the drawn identity decides, and the experts keep what they look at."""

import numpy as np
import pytest
import torch

from medbench.core import Batch
from medbench.keys import Key
from medbench.methods.digital_mask.eye_look import eye_crops
from medbench.methods.digital_mask.method import DigitalMask
from medbench.methods.digital_mask.motion import Fit
from medbench.methods.disguise.experts import Experts, EyeReader, experts, utility
from medbench.methods.disguise.generator import Generator
from medbench.methods.disguise.losses import Pair, losses
from medbench.methods.disguise.method import Disguise
from medbench.methods.disguise.obfuscate import CANDIDATES, EPSILON, candidates, chances, obfuscated
from medbench.methods.face_window import Window
from medbench.methods.networks.style_prior import StylePrior
from medbench.suites.mini.splits import sample_ids
from medbench.suites.mini.suite import MiniSuite

METHOD = Disguise
COUNT = 4
WHOLE = Window(0, 0, 256)


@pytest.fixture(scope="module")
def samples():
    return [MiniSuite().read("select", name) for name in sample_ids("select")[: 9 * COUNT : 9]]


@pytest.fixture(scope="module")
def images(samples):
    return torch.from_numpy(np.stack([s.image for s in samples])).permute(0, 3, 1, 2).float() / 255


@pytest.fixture(scope="module")
def landmarks(samples):
    return torch.from_numpy(np.stack([s.truth["landmarks68"] for s in samples]))


def disguised(method, images, code):
    out = []
    for image in images:
        identity, scene = method.encoder.encode(WHOLE.cut(image, StylePrior.SIDE)[None])
        out.append(method.disguised(image, WHOLE, code[None], identity, scene))
    return torch.stack(out)


def test_unlike_people_are_likelier_and_the_guarantee_holds():
    draws = Key.from_names("disguise test")
    prior = StylePrior()
    others = candidates(prior, draws, "face")
    one, two = torch.randn(2, 64, generator=torch.Generator().manual_seed(3))
    chance = chances(one, others)
    assert chance.shape == (CANDIDATES,) and chance.sum() == pytest.approx(1)
    likeness = torch.cosine_similarity(one[None], others, dim=1).numpy()
    assert (np.diff(chance[np.argsort(likeness)]) <= 0).all()
    assert np.abs(np.log(chance / chances(two, others))).max() <= EPSILON
    assert any(torch.equal(obfuscated(prior, one, draws), other) for other in others)
    picked = torch.stack([obfuscated(prior, one, Key.from_names("disguise test", i)) for i in range(40)])
    assert torch.cosine_similarity(one[None], picked, dim=1).mean() < -0.02


def test_the_drawn_identity_decides_whose_face_it_is(method, images):
    from medbench.metrics.evaluators.detector_hog import EVALUATOR as HOG
    from medbench.metrics.evaluators.identity_dlib import EVALUATOR as DLIB

    hog, dlib = HOG(), DLIB()
    hog.load()
    dlib.load()
    boxes = hog.look(images)["boxes"]
    codes = method.prior.sample([Key.from_names("disguise test", "person", i) for i in range(2)])
    seen = [dlib.look(disguised(method, images, code), boxes)["identity"] for code in codes]
    own = dlib.look(images, boxes)["identity"]
    pairs = [(i, j) for i in range(COUNT) for j in range(i)]
    alike = np.mean([np.linalg.norm(s[i] - s[j]) for s in seen for i, j in pairs])
    apart = np.mean([np.linalg.norm(seen[0][i] - seen[1][j]) for i, j in pairs + [p[::-1] for p in pairs]])
    patients = np.mean([np.linalg.norm(own[i] - own[j]) for i, j in pairs])
    assert alike < apart - 0.05, "one drawn person in four patients' scenes, against two drawn persons"
    assert alike < patients - 0.05


def test_experts_are_heeded_more_than_by_the_ablation(method, images, landmarks):
    looks, _ = experts()
    ablation = Disguise()
    ablation.load(preset="no-experts")
    code = method.prior.sample([Key.from_names("disguise test", "person", 5)])[0]
    with torch.no_grad():
        kept, lost = (
            utility(looks, disguised(m, images, code), images, landmarks) for m in (method, ablation)
        )
    assert kept["medical"] < 0.8 * lost["medical"]
    assert kept["gaze"] < lost["gaze"] and kept["lids"] < lost["lids"]


def test_the_eyes_expert_is_digital_masks(images, landmarks):
    fit = Fit.read(DigitalMask.weights).eye
    reader = EyeReader(fit)
    ours = reader(images, landmarks) * reader.units
    for image, points, seen in zip(images, landmarks, ours, strict=True):
        theirs = fit(eye_crops(image.permute(1, 2, 0).numpy().copy(), points.numpy()))
        assert np.abs(seen.numpy() - theirs).max() < 1e-3


def test_the_same_picture_gets_the_same_person_and_no_password(method, images):
    batch = Batch(images[:1], ("one",), None)
    assert torch.equal(method.anonymize(batch), method.anonymize(batch))
    assert not method.card.keyed and not method.card.reversible


def test_a_step_on_a_fixed_batch_lowers_the_loss():
    torch.manual_seed(0)
    pictures = torch.rand(2, 3, 256, 256)
    pair = Pair(pictures, pictures.flip(3), 128 + 20 * torch.randn(2, 68, 2))
    looks = Experts(
        lambda x: (x.mean((2, 3)), x.mean((1, 3))),
        lambda x, points: x[:, :, 100:102, 100:104].mean(1),
        lambda x: x[:, :, 80:160:4, 40:200:4],
    )
    net = Generator()
    optimiser = torch.optim.Adam(net.parameters(), 1e-3)
    values = []
    for _ in range(4):
        terms = losses(lambda x: x.mean((2, 3)), looks, net(pair.patient, pair.drawn), pair)
        optimiser.zero_grad()
        terms["total"].backward()
        optimiser.step()
        values.append(float(terms["total"]))
    assert values[-1] < values[0]
    assert {"gaze", "lids", "expression", "medical"} < set(terms)


def test_outside_both_heads_nothing_changes():
    torch.manual_seed(0)
    patient = torch.rand(1, 3, 256, 256)
    drawn = patient.clone()
    drawn[..., 60:200, 60:200] = 0.5
    made = Generator()(patient, drawn).picture
    assert torch.equal(made[..., :60, :], patient[..., :60, :])
    assert not torch.equal(made, drawn)
