"""AIGC on its shipped weights: only what surrounds the hole decides, and what surrounds it stays."""

import numpy as np
import pytest
import torch

from medbench.core import Batch
from medbench.keys import Key
from medbench.methods.aigc.method import Aigc
from medbench.methods.aigc.model import COARSE, FINE, Denoiser, Enlarger
from medbench.methods.aigc.train import denoise_step, enlarge_step
from medbench.methods.face_region import find_faces
from medbench.suites.mini.suite import MiniSuite

METHOD = Aigc
NAMES = ("select-0003-1", "select-0021-4", "select-0044-6")
DRAWS = Key.from_names("draws of these tests")


@pytest.fixture(scope="module")
def pictures():
    """Pixels (256, 256, 3) in [0, 1] and faces of three pictures of the select split."""
    found = []
    for name in NAMES:
        pixels = MiniSuite().read("select", name).image.astype(np.float32) / 255
        found.append((pixels, find_faces(torch.from_numpy(pixels).permute(2, 0, 1))))
    return found


def hole_of(method, pixels, faces):
    return method.frame.weight(faces[0].landmarks, *pixels.shape[:2], method.growth)


def test_the_faces_own_pixels_never_enter(method, pictures, monkeypatch):
    """Bit for bit in what the networks are given; what they give back may differ by their own rounding."""
    given, fill = [], method.filler.fill

    def spied(*parts):
        given.append([np.array(part) for part in parts])
        return fill(*parts)

    monkeypatch.setattr(method.filler, "fill", spied)
    for pixels, faces in pictures:
        hole = hole_of(method, pixels, faces) == 1
        other = pixels.copy()
        other[hole] = np.random.default_rng(1).random((int(hole.sum()), 3), dtype=np.float32)
        first, second = (method.treat(p.copy(), faces, DRAWS) for p in (pixels, other))
        assert all(map(np.array_equal, *given[-2:]))
        assert np.abs(first - second).max() < 1e-5


def test_what_surrounds_the_hole_decides(method, pictures):
    pixels, faces = pictures[0]
    hole = hole_of(method, pixels, faces) == 1
    changed = np.where(hole[..., None], pixels, pixels * 0.7).astype(np.float32)
    first, second = (method.treat(p.copy(), faces, DRAWS)[hole] for p in (pixels, changed))
    assert second.mean() < first.mean() - 0.03, "a darker surrounding, a darker face"


def test_outside_the_hole_and_its_rim_every_pixel_stays(method, pictures):
    for pixels, faces in pictures:
        weight = hole_of(method, pixels, faces)
        out = method.treat(pixels.copy(), faces, DRAWS)
        assert np.array_equal(out[weight == 0], pixels[weight == 0])
        assert 0.2 < (weight == 1).mean() < 0.6
        assert np.abs(out - pixels)[weight == 1].mean() > 0.02


def test_two_draws_are_two_faces(method, pictures):
    from medbench.metrics.evaluators.detector_hog import EVALUATOR as HOG
    from medbench.metrics.evaluators.identity_dlib import EVALUATOR as DLIB

    pixels, faces = pictures[1]
    frames = [drawn_frame(method, pixels, faces, f"draw {n}") for n in (1, 1, 2)]
    assert np.array_equal(frames[0], frames[1]), "one draw, one face"
    hog, dlib = HOG(), DLIB()
    hog.load()
    dlib.load()
    large = torch.nn.functional.interpolate(
        torch.from_numpy(np.stack(frames[1:])).permute(0, 3, 1, 2), scale_factor=2, mode="bicubic"
    ).clamp(0, 1)
    found = hog.look(large)
    assert found["detected"].all()
    seen = dlib.look(large, found["boxes"])["identity"]
    assert np.linalg.norm(seen[0] - seen[1]) > 0.2


def drawn_frame(method, pixels, faces, draw):
    hole = hole_of(method, pixels, faces) == 1
    noise = Key.from_names(draw).normal(3 * COARSE**2, "face")
    return method._drawn(pixels, hole, method.frame.matrix(faces[0].landmarks), noise)


def test_presets_change_the_hole_and_the_steps(method, pictures):
    pixels, faces = pictures[0]
    sizes = []
    for name in ("weak", "medium", "strong"):
        made = Aigc()
        made.load(preset=name)
        sizes.append(hole_of(made, pixels, faces).sum())
    assert sizes[0] < sizes[1] < sizes[2]
    fewer = Aigc()
    fewer.load(preset="steps-4")
    assert fewer.steps == 4
    assert fewer.fingerprint() != method.fingerprint()


def test_a_second_face_is_redrawn_too(method, pictures):
    pair = np.concatenate([pictures[0][0], pictures[2][0]], axis=1)
    image = torch.from_numpy(pair).permute(2, 0, 1)[None]
    out = method.anonymize(Batch(image, ("two",), None))
    changed = (out - image).abs().sum(1)[0] > 0
    assert changed[:, :256].float().mean() > 0.2
    assert changed[:, 256:].float().mean() > 0.2


@pytest.mark.parametrize(("net", "step"), [(Denoiser, denoise_step), (Enlarger, enlarge_step)])
def test_training_steps_lower_the_loss(net, step):
    torch.manual_seed(5)
    made = net()
    faces = torch.rand(2, 3, FINE, FINE) * 2 - 1
    faces = torch.nn.functional.avg_pool2d(faces, 9, stride=1, padding=4) * 4
    hole = torch.zeros(2, 1, FINE, FINE)
    hole[..., 30:100, 30:100] = 1
    rule = torch.optim.AdamW(made.parameters(), 1e-3)
    losses = []
    for _ in range(6):
        torch.manual_seed(7)
        loss = step(made, faces.clamp(-1, 1), hole)["total"]
        losses.append(loss.item())
        rule.zero_grad()
        loss.backward()
        rule.step()
    assert losses[-1] < 0.95 * losses[0]
