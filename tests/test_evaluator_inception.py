"""FID's Inception: the official file through ours and through its package; FID and KID against it."""

from __future__ import annotations

import importlib

import numpy as np
import pytest
import torch
from torch import nn
from vision_cases import drawn

from medbench.core import MedbenchError
from medbench.metrics.evaluators import inception_fid
from medbench.metrics.evaluators.torchvision_shim import import_torchvision
from medbench.metrics.statistics.frechet import frechet_distance, kernel_distance


@pytest.fixture(scope="module")
def package():
    import_torchvision()
    pytest.importorskip("torch_fidelity")
    return importlib.import_module("torch_fidelity.feature_extractor_inceptionv3")


@pytest.fixture(scope="module")
def file(package, tmp_path_factory):
    """Drawn weights under the names and shapes of the official file."""
    place = tmp_path_factory.mktemp("inception")
    torch.save({}, place / "empty.pth")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(nn.Module, "load_state_dict", lambda self, state: None)
        empty = package.FeatureExtractorInceptionV3("x", ["2048"], str(place / "empty.pth"))
    torch.save(drawn(empty.state_dict()), place / "weights.pth")
    return place / "weights.pth"


def evaluator(monkeypatch, path):
    monkeypatch.setattr(inception_fid, "find_verified", lambda name: path)
    found = inception_fid.InceptionFid()
    found.load()
    return found


def test_features_equal_the_packages(monkeypatch, package, file):
    images = torch.rand(3, 3, 96, 80, generator=torch.Generator().manual_seed(2))
    ours = evaluator(monkeypatch, file).look(images)["inception"]
    theirs = package.FeatureExtractorInceptionV3("x", ["2048"], str(file))((images * 255).round().byte())[0]
    assert ours.shape == (3, 2048)
    assert np.abs(ours - theirs.numpy()).max() <= 1e-4
    # Random weights tell noise pictures little apart; black and white they must.
    black, white = evaluator(monkeypatch, file).look(torch.stack([images[0] * 0, images[0] * 0 + 1]))[
        "inception"
    ]
    assert np.abs(black - white).max() > 1e-3


def test_fid_and_kid_equal_the_packages(package):
    rng = np.random.default_rng(4)
    one, two = rng.normal(size=(60, 16)), rng.normal(0.3, 1.2, size=(60, 16))
    fid = importlib.import_module("torch_fidelity.metric_fid")
    told = [fid.fid_features_to_statistics(torch.from_numpy(x)) for x in (one, two)]
    theirs = fid.fid_statistics_to_metric(*told, False)["frechet_inception_distance"]
    assert frechet_distance(one, two) == pytest.approx(theirs, abs=1e-6)
    kid = importlib.import_module("torch_fidelity.metric_kid")
    theirs = kid.kernel_mmd(one, two)
    assert kernel_distance(one, two) == pytest.approx(theirs, abs=1e-6)


def test_another_networks_file_is_refused(monkeypatch, package, tmp_path):
    torch.save({"weight": torch.zeros(3)}, tmp_path / "other.pth")
    with pytest.raises(MedbenchError, match="not FID's Inception"):
        evaluator(monkeypatch, tmp_path / "other.pth")
