"""Perceptual distances: LPIPS as its package gives it, and the embedded stand-in."""

from __future__ import annotations

import types

import numpy as np
import pandas as pd
import pytest
import torch
from vision_cases import drawn

from medbench.core import MedbenchError, Seen, Unavailable
from medbench.metrics.statistics.resample import Resampler
from medbench.registry import Registry

NETS = {"alex": "alexnet_imagenet", "vgg": "vgg16_imagenet", "squeeze": "squeezenet1_1_imagenet"}


@pytest.fixture(scope="module")
def faces():
    from medbench.suites.mini.render import render
    from medbench.suites.mini.splits import scene_of

    drawn_faces = [render(*scene_of(f"val-{subject:04d}-1")).image for subject in range(2)]
    return torch.from_numpy(np.stack(drawn_faces)).permute(0, 3, 1, 2).float() / 255


def blurred(images, width):
    return torch.nn.functional.avg_pool2d(images, width, 1, width // 2, count_include_pad=False)


@pytest.fixture(scope="module")
def mini():
    evaluator = Registry("evaluators").get("perceptual_mini")()
    evaluator.load()
    return lambda left, right: evaluator.compare(left, right)["perceptual_mini"]


def test_mini_is_nought_for_equal_pictures_symmetric_and_grows_with_blur(mini, faces):
    assert mini(faces, faces).tolist() == [0, 0]
    steps = [mini(faces, blurred(faces, width)) for width in (3, 7, 15, 31)]
    assert (np.diff(steps, axis=0) > 0).all() and (steps[-1] <= 2).all()
    np.testing.assert_allclose(mini(blurred(faces, 15), faces), steps[2], rtol=1e-5)


def test_mini_minds_another_person_more_than_another_light(mini, faces):
    brighter = (faces * 1.05).clamp(0, 1)
    assert (mini(faces, brighter) < mini(faces, faces.flip(0))).all()


def test_mini_takes_pictures_of_any_size(mini, faces):
    small = torch.nn.functional.avg_pool2d(faces, 2)
    assert np.isfinite(mini(small, blurred(small, 5))).all()
    wide = faces[:, :, :64, :200]
    assert mini(wide, wide).tolist() == [0, 0]


def test_one_picture_has_no_distance(mini, faces):
    evaluator = Registry("evaluators").get("perceptual_mini")()
    assert np.isnan(evaluator.look(faces)["perceptual_mini"]).all()


def test_lpips_is_never_taken_in_silence():
    kinds = {name: Registry("evaluators").get(name) for name in Registry("evaluators").names()}
    assert not any(kinds[f"lpips_{net}"].automatic for net in NETS)
    automatic = [column for kind in kinds.values() if kind.automatic for column in kind.produces]
    assert "perceptual_mini" in automatic and "lpips" not in automatic


@pytest.fixture
def torchvision():
    from medbench.metrics.evaluators.torchvision_shim import import_torchvision

    try:
        return import_torchvision()
    except Unavailable as error:
        pytest.skip(str(error))


def official_file(torchvision, net, folder):
    """A file in torchvision's format, with drawn numbers."""
    names = {"alex": "alexnet", "vgg": "vgg16", "squeeze": "squeezenet1_1"}
    with torch.device("meta"):
        state = getattr(torchvision.models, names[net])(weights=None).state_dict()
    kept = {name: torch.empty(t.shape) for name, t in state.items() if name.startswith("features.")}
    file = folder / f"{net}.pth"
    torch.save(drawn(kept), file)
    return file


@pytest.mark.parametrize(
    "net", [pytest.param(net, marks=[] if net == "squeeze" else pytest.mark.slow) for net in NETS]
)
def test_lpips_equals_its_package(net, torchvision, faces, tmp_path, monkeypatch):
    lpips = pytest.importorskip("lpips")
    from medbench.metrics.evaluators.vision import lpips_evaluator

    file = official_file(torchvision, net, tmp_path)
    monkeypatch.setattr(lpips_evaluator, "find_verified", {NETS[net]: file}.__getitem__)
    evaluator = Registry("evaluators").get(f"lpips_{net}")()
    evaluator.load()
    left, right = faces[:, :, ::2, ::2], blurred(faces, 9)[:, :, ::2, ::2]
    monkeypatch.setattr(lpips_evaluator, "at_common_size", lambda images: images)
    found = evaluator.compare(left, right)["lpips"]

    upstream = lpips.LPIPS(net=net, pnet_rand=True, verbose=False)
    state, at = torch.load(file, weights_only=True), 0
    for name, parameter in upstream.net.named_parameters():
        parameter.data = state[f"features.{name.partition('.')[2]}"]
        at += 1
    assert at == len(state)
    with torch.no_grad():
        wanted = upstream(left * 2 - 1, right * 2 - 1).flatten().numpy()
    np.testing.assert_allclose(found, wanted, atol=1e-4)
    assert (found > 1e-3).all()


def test_a_backbone_of_another_net_is_refused(torchvision, tmp_path, monkeypatch):
    pytest.importorskip("lpips")
    from medbench.metrics.evaluators.vision import lpips_evaluator

    file = official_file(torchvision, "squeeze", tmp_path)
    monkeypatch.setattr(lpips_evaluator, "find_verified", lambda name: file)
    with pytest.raises(MedbenchError, match=r"squeeze\.pth: this is no backbone of LPIPS alex"):
        Registry("evaluators").get("lpips_alex")().load()


def test_without_weights_the_line_that_gets_them(tmp_path, monkeypatch):
    monkeypatch.setenv("MEDBENCH_CACHE", str(tmp_path))
    with pytest.raises(Unavailable, match="medbench weights fetch alexnet_imagenet"):
        Registry("evaluators").get("lpips_alex")().load()


def test_the_figures_are_means_over_what_was_protected_and_restored():
    kinds = {kind.name: kind for kind in Registry("metrics").get("perception")}
    columns = {"perceptual_mini": np.array([0.1, 0.3, 9.0]), "lpips": np.array([0.2, 0.4, 9.0])}
    truth = pd.DataFrame({"id": list("abc"), "subject": list("xyz")})
    failed = np.array([False, False, True])
    seen = Seen(("a", "b", "c"), truth, {"protected": columns, "restored": columns}, failed)
    for name, value in (("perceptual_mini_protected", 0.2), ("perceptual_mini_restored", 0.2),
                        ("lpips_protected", 0.3), ("lpips_restored", 0.3)):  # fmt: skip
        (estimate,) = kinds[name]().estimates(seen, Resampler(("perception",), draws=50))
        assert estimate.value == pytest.approx(value) and estimate.n == 2
        assert np.isnan(kinds[name]().samples(seen)[name][2])


def test_the_bench_compares_with_the_original_where_a_role_wants_it(faces):
    from medbench.stages.compare_pictures import compared

    evaluator = Registry("evaluators").get("perceptual_mini")()
    evaluator.load()
    panel = types.SimpleNamespace(
        evaluators=[evaluator], wanted={"protected": {"perceptual_mini"}, "same_key": {"identity"}}
    )
    left = (faces * 255).round().byte().permute(0, 2, 3, 1).numpy().repeat(5, axis=0)
    right = left.copy()
    right[3] = 255 - right[3]
    found = compared(panel, "protected", left, right)["perceptual_mini"]
    assert found.shape == (10,) and found[3] > 0.01 and not np.delete(found, 3).any()
    assert compared(panel, "same_key", left, right) == {}
