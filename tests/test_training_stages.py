"""The auxiliary networks' stages: they run, resume, write files that their networks read, and learn."""

import numpy as np
import pandas as pd
import pytest
import torch
from fake_parts import suite_card

from medbench.core import DISEASES, Sample
from medbench.methods.networks.medical_encoder import MedicalEncoder
from medbench.methods.networks.recogniser import Recogniser
from medbench.methods.training import probes
from medbench.methods.training.augment import augment_faces
from medbench.methods.training.data import TrainingImages
from medbench.methods.training.denoiser import train_denoiser
from medbench.methods.training.job import Job
from medbench.methods.training.recogniser import CosFace, train_recogniser
from medbench.suites.suite import Suite


class Blots(Suite):
    """Four persons of one colour each; the disease is a blot in the eye band."""

    card = suite_card("blots")

    def index(self, split):
        rows = [(f"{s}-{i}", f"S{s}", DISEASES[i % 2]) for s in range(4) for i in range(4)]
        return pd.DataFrame(rows, columns=["id", "subject", "disease"])

    def read(self, split, sample_id):
        subject, shot = map(int, sample_id.split("-"))
        rng = np.random.default_rng([subject, shot])
        image = rng.integers(0, 40, (256, 256, 3), dtype=np.uint8)
        image[..., subject % 3] += np.uint8(60 + 40 * subject)
        if shot % 2:
            image[110:140, 90:130] = 255
        return Sample(sample_id, image, {})

    def fingerprint(self, split):
        return "b" * 64


@pytest.fixture(scope="module")
def images(tmp_path_factory):
    return TrainingImages(Blots(), "train", cache=tmp_path_factory.mktemp("cache"))


@pytest.fixture
def job(tmp_path):
    return Job(Blots(), tmp_path, minutes=5)


def test_denoiser_stage_goes_on_where_it_stopped_and_its_file_is_read(images, job, tmp_path):
    first = train_denoiser(images, job, steps=1)
    before = first.read_bytes()
    again = train_denoiser(images, job, steps=2)
    assert again == first
    assert again.read_bytes() != before
    assert MedicalEncoder.from_file(again).features(torch.rand(1, 3, 256, 256)).isfinite().all()
    rows = (tmp_path / "denoiser" / "metrics.csv").read_text().splitlines()
    assert rows[0].startswith("step,seconds,total,")
    assert [row.split(",")[0] for row in rows[1:]] == ["1", "2"]


def test_recogniser_stage_writes_a_file_that_is_read(images, job):
    file = train_recogniser(images, job, steps=2)
    net = Recogniser.from_file(file)
    auc, tar = probes.verification(net, images)
    assert 0 <= auc <= 1
    assert 0 <= tar <= 1


def test_disease_probe_finds_a_sign_in_the_eye_band_only(images, tmp_path):
    from medbench.methods.networks.denoising_unet import FirstHalf

    encoder = MedicalEncoder(FirstHalf())
    assert probes.disease_probe(encoder, images, images) == 1.0


def test_cosface_prefers_codes_at_their_centre_and_margin_costs():
    loss = CosFace(3)
    subject = torch.tensor([0, 1, 2])
    codes = torch.nn.functional.normalize(loss.centres.detach(), dim=1)
    near, right = loss(codes, subject, 0.0)
    assert right == 1
    far, wrong = loss(codes.roll(1, dims=0), subject, 0.0)
    assert wrong < 1
    assert far > near
    assert loss(-codes, subject, 0.3)[0] > loss(-codes, subject, 0.0)[0]


def test_augmented_faces_stay_faces_and_repeat_with_the_seed():
    faces = torch.rand(6, 3, 64, 64)
    torch.manual_seed(3)
    first = augment_faces(faces)
    torch.manual_seed(3)
    assert torch.equal(first, augment_faces(faces))
    assert first.shape == faces.shape
    assert 0 <= first.min() <= first.max() <= 1
    assert not torch.allclose(first, augment_faces(faces))
