"""Digital Mask on its shipped weights: lids and eyeballs are kept, who it is, is not."""

import numpy as np
import pytest
import torch

from medbench.core import Batch
from medbench.methods.digital_mask.mask import MASK, mask_scene
from medbench.methods.digital_mask.method import DigitalMask
from medbench.methods.digital_mask.train import train
from medbench.methods.face_region import find_faces
from medbench.methods.training.job import Job
from medbench.suites.mini.identity import identity
from medbench.suites.mini.splits import SPLITS
from medbench.suites.mini.suite import MiniSuite
from medbench.suites.mini.truth import scalar_truth

METHOD = DigitalMask
EYES = ("mrd1_right", "mrd1_left", "gaze_yaw_right", "gaze_yaw_left")


@pytest.fixture(scope="module")
def samples():
    """Four pictures each of 15 persons of the select split."""
    index = MiniSuite().index("select")
    chosen = index[index["subject"].isin(index["subject"].unique()[::7])].groupby("subject").head(4)
    return [MiniSuite().read("select", name) for name in chosen["id"]]


def as_batch(samples):
    images = torch.from_numpy(np.stack([s.image for s in samples])).permute(0, 3, 1, 2).float() / 255
    return Batch(images, tuple(s.id for s in samples), None)


def test_the_masks_eyes_open_and_turn_as_the_patients_do(method, samples):
    shown, true = [], []
    for sample in samples:
        pixels = sample.image.astype(np.float32) / 255
        face = find_faces(torch.from_numpy(pixels).permute(2, 0, 1))[0]
        mask = scalar_truth(identity(MASK), mask_scene(method.fit(pixels, face.landmarks)))
        shown.append([mask[name] for name in EYES])
        true.append([sample.truth[name] for name in EYES])
    for column, name in enumerate(EYES):
        r = np.corrcoef(np.array(shown)[:, column], np.array(true)[:, column])[0, 1]
        assert r >= 0.8, (name, r)


def test_two_subjects_masks_are_hardly_told_apart(method, samples):
    from sklearn.metrics import roc_auc_score

    from medbench.metrics.evaluators.detector_hog import EVALUATOR as HOG
    from medbench.metrics.evaluators.identity_dlib import EVALUATOR as DLIB

    masks = method.anonymize(as_batch(samples))
    hog, dlib = HOG(), DLIB()
    hog.load()
    dlib.load()
    found = hog.look(masks)
    assert found["detected"].all()
    seen = dlib.look(masks, found["boxes"])["identity"]
    who = np.array([s.truth["subject"] for s in samples])
    first, second = np.triu_indices(len(who), 1)
    near = -np.linalg.norm(seen[first] - seen[second], axis=1)
    assert roc_auc_score(who[first] == who[second], near) <= 0.60


def test_nothing_of_the_picture_is_left(method, samples):
    out = method.anonymize(as_batch(samples[:2]))
    spread = out.amax(1) - out.amin(1)
    assert spread.max() < 0.1, "grey everywhere"
    assert max(s.offset + s.subjects for s in SPLITS.values()) <= MASK


def test_every_face_of_a_picture_becomes_a_mask(method, samples):
    pair = np.concatenate([samples[0].image, samples[5].image], axis=1)
    out = method.anonymize(Batch(torch.from_numpy(pair).permute(2, 0, 1)[None].float() / 255, ("two",), None))
    assert out.shape == (1, 3, 256, 512)
    assert len(find_faces(out[0])) == 2


def test_training_again_gives_a_map_that_works(tmp_path, samples):
    made = DigitalMask()
    made.weights = train(Job(MiniSuite(), tmp_path), pictures=60)
    made.load()
    assert made.anonymize(as_batch(samples[:1])).isfinite().all()
