"""L2CS-Net: the official file, its naming trap, units and signs."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from PIL import Image
from vision_cases import drawn, pixels

from medbench.core import MedbenchError, Unavailable
from medbench.metrics.evaluators import gaze_l2cs
from medbench.metrics.evaluators.vision.l2cs import BINS, L2cs, expected
from medbench.metrics.evaluators.vision.pictures import MEAN, SPREAD
from medbench.metrics.gaze import direction

#: What the upstream's two heads give (degrees; l2cs/model.py at commit a4d8f7f, decoded as pipeline.py
#: does) for pixels(2, 3, 96, 96) and the weights of vision_cases.
YAW_HEAD, PITCH_HEAD = [30.78456, 30.54623], [31.26071, 28.56987]


@pytest.fixture(scope="module")
def network():
    network = L2cs().eval()
    network.load_state_dict(drawn(network.state_dict()))
    return network


def test_equals_upstream_head_by_head(network):
    with torch.no_grad():
        found = network(pixels(2, 3, 96, 96)).numpy()
    np.testing.assert_allclose(found[:, 0], PITCH_HEAD, atol=1e-4)
    np.testing.assert_allclose(-found[:, 1], YAW_HEAD, atol=1e-4)


def test_bins_are_four_degrees_wide_from_minus_180():
    sure = torch.full((3, BINS), -50.0)
    sure[[0, 1, 2], [0, 45, 89]] = 50.0
    assert expected(sure).tolist() == [-180, 0, 176]
    assert expected(torch.zeros(1, BINS)).item() == pytest.approx(-2)


def looking(pitch_bin, yaw_bin):
    """The gaze of a network whose heads are sure, whatever the picture shows."""
    network = L2cs().eval()
    for head, place in ((network.fc_pitch_gaze, pitch_bin), (network.fc_yaw_gaze, yaw_bin)):
        torch.nn.init.zeros_(head.weight)
        torch.nn.init.constant_(head.bias, -50.0)
        head.bias.data[place] = 50.0
    with torch.no_grad():
        return network(pixels(1, 3, 64, 64))[0].tolist()


def test_the_head_called_yaw_is_yaw_and_upstreams_arrow_points_where_ours_does():
    pitch, yaw = looking(pitch_bin=45 + 2, yaw_bin=45 + 5)
    assert (pitch, yaw) == (8, -20)
    # Upstream's draw_gaze(pitchyaw=(results.pitch, results.yaw)), where results.pitch is the yaw head's.
    shown = np.radians([20.0, 8.0])
    dx, dy = -np.sin(shown[0]) * np.cos(shown[1]), -np.sin(shown[1])
    ours = direction(np.array([[pitch, yaw]]))[0]
    np.testing.assert_allclose([dx, dy], [ours[0], -ours[1]], atol=1e-6)


def official_file(network, path):
    """As the authors save it: a plain state in a .pkl, the unused layer included."""
    state = network.state_dict()
    assert {"fc_finetune.weight", "fc_yaw_gaze.bias", "layer4.2.bn3.running_var"} <= state.keys()
    torch.save(state, path)
    return path


@pytest.fixture
def evaluator(network, tmp_path, monkeypatch):
    file = official_file(network, tmp_path / "L2CSNet_gaze360.pkl")
    monkeypatch.setattr(gaze_l2cs, "find_verified", lambda name: file)
    evaluator = gaze_l2cs.L2csGaze()
    evaluator.load()
    return evaluator


def test_the_face_enters_as_upstream_cuts_it(evaluator, network, monkeypatch):
    import cv2

    image = np.random.default_rng(0).integers(0, 256, (120, 100, 3), dtype=np.uint8)
    images = torch.from_numpy(image).permute(2, 0, 1)[None].float() / 255
    box = np.array([[-4.0, 10.7, 60.2, 90.9]])
    seen = []
    monkeypatch.setattr(
        evaluator, "_network", lambda given: seen.append(given) or network(given[..., ::7, ::7])
    )
    found = evaluator.look(images, box)["gaze"]
    small = Image.fromarray(cv2.resize(image[10:90, 0:60], (224, 224))).resize((448, 448), Image.BILINEAR)
    wanted = (np.asarray(small) / 255 - MEAN) / SPREAD
    np.testing.assert_allclose(seen[0][0].permute(1, 2, 0).numpy(), wanted, atol=1e-5)
    assert found.shape == (1, 2) and np.isfinite(found).all()


def test_without_a_box_nothing_is_seen(evaluator):
    images = torch.rand(3, 3, 64, 64)
    assert np.isnan(evaluator.look(images)["gaze"]).all()
    boxes = np.array([[np.nan] * 4, [70.0, 70, 90, 90], [10, 10, 10, 40]])
    assert np.isnan(evaluator.look(images, boxes)["gaze"]).all()


def test_another_models_file_is_refused(tmp_path, monkeypatch):
    state = L2cs().state_dict()
    state["fc_yaw_gaze.weight"] = torch.zeros(28, 2048)
    torch.save(state, tmp_path / "mpiigaze.pkl")
    monkeypatch.setattr(gaze_l2cs, "find_verified", lambda name: tmp_path / "mpiigaze.pkl")
    with pytest.raises(MedbenchError, match=r"mpiigaze\.pkl is not L2CS-Net's ResNet-50 of Gaze360"):
        gaze_l2cs.L2csGaze().load()


def test_without_weights_the_line_that_gets_them(tmp_path, monkeypatch):
    monkeypatch.setenv("MEDBENCH_CACHE", str(tmp_path))
    with pytest.raises(Unavailable, match=r"medbench weights add l2cs_gaze360 FILE"):
        gaze_l2cs.L2csGaze().load()


def test_the_trunk_equals_torchvisions():
    from medbench.metrics.evaluators.torchvision_shim import import_torchvision
    from medbench.metrics.evaluators.vision.backbone import resnet50

    try:
        models = import_torchvision().models
    except Unavailable as error:
        pytest.skip(str(error))
    with torch.device("meta"):
        model = models.resnet50(weights=None)
    state = drawn(model.to_empty(device="cpu").state_dict())
    model.load_state_dict(state)
    with torch.no_grad():
        features = resnet50(state).eval()(pixels(1, 3, 64, 64))
        torch.testing.assert_close(model.fc(features), model.eval()(pixels(1, 3, 64, 64)), atol=1e-4, rtol=0)
    with pytest.raises(MedbenchError, match="no weights of a ResNet-50"):
        resnet50({"conv1.weight": torch.zeros(64, 3, 7, 7)})


def test_official_weights_call_yaw_what_turns_with_the_mirror():
    """With the authors' file at hand, a mirrored face has the opposite yaw and the same pitch."""
    from medbench.registry import Registry
    from medbench.suites.mini.render import render
    from medbench.suites.mini.splits import scene_of

    evaluator = gaze_l2cs.L2csGaze()
    try:
        evaluator.load()
    except Unavailable as error:
        pytest.skip(str(error))
    faces = np.stack([render(*scene_of(f"val-{subject:04d}-2")).image for subject in range(6)])
    images = torch.from_numpy(faces).permute(0, 3, 1, 2).float() / 255
    detector = Registry("evaluators").get("detector_hog")()
    detector.load()
    boxes = detector.look(images)["boxes"]
    mirrored = boxes.copy()
    mirrored[:, [0, 2]] = images.shape[3] - boxes[:, [2, 0]]
    there, back = evaluator.look(images, boxes)["gaze"], evaluator.look(images.flip(3), mirrored)["gaze"]
    apart = np.nanmean(np.abs(there - back), axis=0), np.nanmean(np.abs(there + back), axis=0)
    assert apart[0][0] < apart[1][0] and apart[1][1] < apart[0][1]
