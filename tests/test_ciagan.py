"""CIAGAN on its shipped weights: the chosen identity steers what is drawn."""

from itertools import pairwise

import numpy as np
import pytest
import torch

from medbench.keys import Key
from medbench.methods.ciagan.method import Ciagan, identity_of
from medbench.methods.ciagan.model import MARGIN, PEOPLE, Siamese, contrastive
from medbench.methods.ciagan.train import guidance
from medbench.methods.face_region import find_faces
from medbench.suites.mini.suite import MiniSuite

METHOD = Ciagan
CHOSEN = (3, 11, 17, 26)


@pytest.fixture(scope="module")
def pictures():
    index = MiniSuite().index("select")
    names = index.loc[index["disease"] == "Normal", "id"].iloc[::25]
    images = [MiniSuite().read("select", name).image for name in names]
    return [torch.from_numpy(image).permute(2, 0, 1).float() / 255 for image in images]


def key_of(person):
    return next(k for n in range(10_000) if identity_of(k := Key.from_names("person", n)) == person)


def test_the_chosen_identity_steers_the_embedding(method, pictures):
    from medbench.metrics.evaluators.detector_hog import EVALUATOR as HOG
    from medbench.metrics.evaluators.identity_dlib import EVALUATOR as DLIB

    hog, dlib = HOG(), DLIB()
    hog.load()
    dlib.load()
    keys = [key_of(person) for person in CHOSEN]
    drawn = torch.stack([method.redrawn(p, find_faces(p), key) for p in pictures for key in keys])
    boxes = hog.look(torch.stack(pictures))["boxes"]
    seen = dlib.look(drawn, np.repeat(boxes, len(keys), axis=0))["identity"]
    seen = seen.reshape(len(pictures), len(keys), -1)
    one_identity = np.linalg.norm(seen[:, None] - seen[None], axis=-1)[
        np.triu_indices(len(pictures), 1)
    ].mean()
    crossed = np.linalg.norm(seen[:, :, None] - seen[:, None], axis=-1)
    two_identities = crossed[:, *np.triu_indices(len(keys), 1)].mean()
    assert one_identity < two_identities, (one_identity, two_identities)


def test_every_identity_is_another_face(method, pictures):
    faces = find_faces(pictures[0])
    drawn = [method.redrawn(pictures[0], faces, key_of(person)) for person in range(0, PEOPLE, 5)]
    for one, other in pairwise(drawn):
        assert (one - other).abs().mean() > 0.003


def test_the_face_never_enters(method, pictures):
    faces = find_faces(pictures[1])
    inside = method.sight.hole(faces[0].landmarks).emptied(torch.ones(3, 256, 256))[0] == 0
    other = pictures[1].clone()
    other[:, inside] = 0.5
    key = key_of(5)
    assert torch.equal(method.redrawn(pictures[1], faces, key), method.redrawn(other, faces, key))


def test_the_contrastive_loss_pulls_one_person_and_parts_two():
    near, far = torch.zeros(1, 4), torch.tensor([[2.0, 0, 0, 0]])
    assert contrastive(near, far, torch.tensor([True])).item() == pytest.approx(2.0, abs=1e-3)
    assert contrastive(near, far, torch.tensor([False])).item() == pytest.approx(
        0.5 * (MARGIN - 2) ** 2, abs=1e-3
    )


def test_the_guidance_moves_the_picture_and_leaves_the_siamese_net_to_its_own_term():
    from medbench.methods.ciagan.pairs import Asked
    from medbench.methods.training.holes import Holes

    torch.manual_seed(0)
    siamese, filled = Siamese(), torch.rand(4, 3, 128, 128, requires_grad=True)
    holes = Holes(
        torch.rand(4, 4, 128, 128),
        torch.rand(4, 1, 128, 128),
        torch.rand(4, 2, 32, 32),
        torch.rand_like(filled),
    )
    terms = guidance(siamese, Asked(holes, torch.eye(PEOPLE)[[0, 0, 1, 1]]), filled)
    terms["identity"].backward()
    assert filled.grad.abs().sum() > 0
    assert all(p.grad is None for p in siamese.parameters())
    before = terms["siamese"].item()
    torch.optim.SGD(siamese.parameters(), 1.0).zero_grad()
    terms["siamese"].backward()
    torch.optim.SGD(siamese.parameters(), 1.0).step()
    assert guidance(siamese, Asked(holes, torch.eye(PEOPLE)[[0, 0, 1, 1]]), filled)["siamese"].item() < before
