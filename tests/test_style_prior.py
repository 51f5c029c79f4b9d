"""The style prior and its encoder: shapes, statistics, what one step learns, how a head is laid in."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest
import torch

from medbench.core import Unavailable
from medbench.keys import Key
from medbench.methods.face_window import Window
from medbench.methods.networks.head_swap import fill, head_swap
from medbench.methods.networks.style_codes import SCENE_NAMES, person_numbers, scene_numbers
from medbench.methods.networks.style_encoder import StyleEncoder
from medbench.methods.networks.style_file import write_parts
from medbench.methods.networks.style_prior import StylePrior
from medbench.methods.training.heads import Heads, head_layer, head_share
from medbench.methods.training.seeds import seeded
from medbench.methods.training.style_encoder import ridge
from medbench.methods.training.style_losses import colour_loss
from medbench.methods.training.style_prior import stream
from medbench.methods.training.style_statistics import fit_positions, set_statistics
from medbench.suites.mini.draw import load
from medbench.suites.mini.lids import EYEBALL
from medbench.suites.mini.splits import scene_of
from medbench.suites.mini.truth import scalar_truth


@pytest.fixture(scope="module")
def heads() -> Heads:
    """Two pictures of one person of the train split."""
    who = [scene_of(f"train-0003-{shot}") for shot in range(2)]
    rows = [head_layer(*head) for head in who]
    columns = {name: np.stack([row[name] for row in rows]) for name in rows[0]}
    people = np.stack([person_numbers(person) for person, _ in who])
    return Heads(**columns, people=people, scenes=np.stack([scene_numbers(*head) for head in who]))


def crowd(heads: Heads) -> Heads:
    """The same two pictures with the numbers of 200 people and scenes around theirs."""
    rng = np.random.default_rng(0)
    people = heads.people[:1] + rng.standard_normal((200, heads.people.shape[1]))
    scenes = heads.scenes[:1] + rng.standard_normal((200, heads.scenes.shape[1]))
    return dataclasses.replace(heads, people=people, scenes=scenes)


def test_shapes_and_range() -> None:
    prior, encoder = StylePrior(), StyleEncoder()
    identity, scene = encoder.encode(torch.rand(2, 3, 128, 128))
    assert identity.shape == (2, prior.IDENTITY) and scene.shape == (2, prior.SCENE)
    styles = prior.styles(identity, scene)
    assert styles.shape == (2, prior.LAYERS, prior.STYLE)
    head = prior.draw(styles)
    assert head.shape == (2, 4, 128, 128)
    assert float(head.detach().min()) >= 0 and float(head.detach().max()) <= 1


def test_person_and_scene_add_up_in_w_plus() -> None:
    prior = seeded(StylePrior, "test")
    a, b, s, t = (torch.randn(1, n) for n in (prior.IDENTITY, prior.IDENTITY, prior.SCENE, prior.SCENE))
    left = prior.styles(a, s) - prior.styles(b, s)
    assert torch.allclose(left, prior.styles(a, t) - prior.styles(b, t), atol=1e-5)


def test_statistics_standardise_the_suite(heads: Heads) -> None:
    prior, many = StylePrior(), crowd(heads)
    set_statistics(prior, many)
    codes = prior.code(torch.from_numpy(many.people))
    assert torch.allclose(codes.T @ codes / len(codes), torch.eye(prior.IDENTITY), atol=1e-3)
    back = codes @ prior.code_to_person.T + prior.person_mean
    assert float((prior.code(back) - codes).abs().max()) < 1e-3
    scenes = prior.standard(torch.from_numpy(many.scenes))
    assert torch.allclose(scenes.mean(0), torch.zeros(prior.SCENE), atol=1e-3)
    assert torch.allclose(prior.scene_numbers(scenes), torch.from_numpy(many.scenes).float(), atol=1e-3)


def test_positions_of_a_known_law_are_found_again() -> None:
    rng = np.random.default_rng(1)
    terms = np.concatenate([np.ones((60, 1)), rng.standard_normal((60, 3))], axis=1)
    law = rng.standard_normal((4, 2, 5, 5))
    seen = np.einsum("nt,tchw->nchw", terms, law)
    hidden = rng.random((60, 1, 5, 5)) < 0.1
    found = fit_positions(terms, np.where(hidden, np.nan, seen))
    assert np.abs(found - law).max() < 0.15


def test_scene_numbers_say_how_wide_an_eye_is_open() -> None:
    """The lids' numbers, against the suite's own margin reflex distance of healthy and ill eyes."""
    at, gaze = (SCENE_NAMES.index(f"{name}_right") for name in ("upper_lid", "gaze_pitch"))
    pairs = [scene_of(f"train-{n:04d}-{shot}") for n in range(20) for shot in range(8)]
    rows = np.stack([scene_numbers(*pair) for pair in pairs])
    above_pupil = rows[:, at] + EYEBALL * np.sin(rows[:, gaze])
    truth = [float(scalar_truth(*pair)["mrd1_right"]) for pair in pairs]
    assert np.corrcoef(above_pupil, truth)[0, 1] > 0.75


def test_long_hair_belongs_to_the_head_and_the_collar_does_not() -> None:
    who, scene = next(head for head in (scene_of(f"train-{n:04d}-0") for n in range(50)) if head[0].long_hair)
    nothing = np.zeros((256, 256), np.float32)
    assert head_share(who, scene, nothing).max() > 0.9
    everything = head_share(who, scene, nothing + 1)
    assert everything[:128].min() == 1 and everything[-1].min() == 0


def test_a_step_brings_the_drawing_nearer(heads: Heads) -> None:
    prior = seeded(StylePrior, "test")
    set_statistics(prior, crowd(heads))
    shown = stream(prior, heads, "cpu", ("test",), size=2)(0)
    optimiser = torch.optim.Adam(prior.parameters(), lr=1e-3)
    losses = []
    for _ in range(6):
        loss = colour_loss(prior(shown.identity, shown.scene), shown)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(float(loss.detach()))
    assert losses[-1] < 0.9 * losses[0]


def test_keys_give_people_and_the_same_key_the_same() -> None:
    prior = StylePrior.from_file()
    keys = [Key.from_names("person", n) for n in range(6)]
    codes = prior.sample(keys)
    assert torch.equal(codes[2], prior.sample(keys[2:3])[0])
    assert float(torch.cdist(codes, codes).add(torch.eye(6) * 99).min()) > 4
    yes = (codes @ prior.code_to_person.T + prior.person_mean)[:, :3]
    assert float((yes - yes.round()).abs().max()) < 0.25


def test_a_head_is_laid_in_and_the_rest_stays_bit_for_bit() -> None:
    images = torch.rand(2, 3, 200, 260)
    new, own = torch.rand(2, 4, 128, 128), torch.zeros(2, 1, 128, 128)
    own[..., 40:90, 40:90] = 1
    new[:, 3] = 0
    new[:, 3, 50:80, 50:80] = 1
    out = head_swap(images, new, own, Window(0, 30, 200))
    changed = (out != images).any(1)
    assert changed[:, 65:135, 100:165].all()
    assert not changed[:, :40].any() and not changed[:, :, :60].any() and not changed[:, 165:].any()
    inside = out[:, :, 90:110, 120:140]
    other = head_swap(1 - images, new, own, Window(0, 30, 200))[:, :, 90:110, 120:140]
    assert torch.allclose(inside, other), "nothing of the own head shines through the new one"


def test_filling_keeps_what_is_known_and_continues_it() -> None:
    across = torch.linspace(0, 1, 64).expand(1, 3, 64, 64)
    known = torch.ones(1, 1, 64, 64)
    known[..., 20:44, 20:44] = 0
    filled = fill(torch.where(known > 0, across, 9.0), known)
    assert torch.equal(filled[..., :20, :], across[..., :20, :])
    assert float((filled - across).abs().max()) < 0.25


def test_a_missing_or_foreign_file_is_refused_with_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="train_style_prior"):
        StylePrior.from_file(tmp_path / "none.safetensors")
    file = write_parts({"prior": torch.nn.Linear(2, 2)}, tmp_path / "other.safetensors", {})
    with pytest.raises(Unavailable, match="StylePrior"):
        StylePrior.from_file(file)
    with pytest.raises(Unavailable, match="StyleEncoder"):
        StyleEncoder.from_file(file)


def test_a_face_is_brought_into_its_place() -> None:
    """A dot at a moved face's eye comes to lie where the mean face's eye is."""
    encoder = StyleEncoder()
    encoder.canonical.copy_(torch.tensor([[-0.3, -0.2], [0.3, -0.2], [0.0, 0.1], [-0.2, 0.4], [0.2, 0.4]]))
    turn = torch.tensor([[0.9, 0.2], [-0.2, 0.9]])
    points = encoder.canonical @ turn.T + torch.tensor([0.1, -0.05])
    picture = torch.zeros(1, 3, 128, 128)
    x, y = ((points[1] + 1) * 64 - 0.5).round().int().tolist()
    picture[:, :, y - 1 : y + 2, x - 1 : x + 2] = 1
    moved = encoder.in_place(picture, points[None])[0, 0]
    rows, columns = torch.meshgrid(torch.arange(128.0), torch.arange(128.0), indexing="ij")
    centre = torch.stack([(moved * columns).sum(), (moved * rows).sum()]) / moved.sum()
    assert torch.allclose(centre, (encoder.canonical[1] + 1) * 64 - 0.5, atol=1.0)


def test_ridge_is_the_textbooks() -> None:
    """Against the normal equations solved by hand, without a penalty."""
    rng = torch.Generator().manual_seed(0)
    features, law = torch.randn(50, 4, generator=rng), torch.randn(4, 2, generator=rng)
    linear = torch.nn.Linear(4, 2).requires_grad_(False)
    ridge(linear, features, features @ law + 3, strength=0.0)
    assert torch.allclose(linear.weight.T, law, atol=1e-4)
    assert torch.allclose(linear.bias, torch.full((2,), 3.0), atol=1e-4)


def test_the_encoder_reads_pose_lids_and_person_again() -> None:
    """On select pictures: pose within a fifth of its variance, lids, and who of thirty it is."""
    prior, encoder = StylePrior.from_file(), StyleEncoder.from_file()
    names = [f"select-{subject:04d}-{subject % 8}" for subject in range(0, 60, 2)]
    pictures = torch.stack([torch.from_numpy(load(name)[0]).permute(2, 0, 1) for name in names])
    codes, scenes = encoder.encode(torch.nn.functional.avg_pool2d(pictures.float() / 255, 2))
    truth = torch.stack([prior.scene_of(*scene_of(name)) for name in names])
    assert float((scenes - truth)[:, :3].square().mean()) < 0.2
    for eye in ("right", "left"):
        at = SCENE_NAMES.index(f"upper_lid_{eye}")
        assert np.corrcoef(scenes[:, at], truth[:, at])[0, 1] > 0.6
    true = torch.stack([prior.identity_of(scene_of(name)[0]) for name in names])
    own = torch.cdist(codes, true)
    assert float((own.argmin(1) == torch.arange(len(names))).float().mean()) > 0.8


def test_what_the_prior_draws_resembles_the_renderers_picture() -> None:
    """Inside the true head, of people of the select split: 20 dB, and better than the mean person."""
    prior = StylePrior.from_file()
    pairs = [scene_of(f"select-{subject:04d}-0") for subject in (0, 30)]
    layers = np.stack([head_layer(*pair)["layers"] for pair in pairs])
    wanted = torch.from_numpy(layers).permute(0, 3, 1, 2).float() / 255
    codes = torch.stack([prior.identity_of(who) for who, _ in pairs])
    scenes = torch.stack([prior.scene_of(*pair) for pair in pairs])

    def off(drawn: torch.Tensor) -> float:
        inside = wanted[:, 3:]
        return float(((drawn[:, :3] - wanted[:, :3]).square() * inside).sum() / (3 * inside.sum()))

    own = off(prior(codes, scenes))
    assert own < 0.01
    assert own < 0.5 * off(prior(0 * codes, scenes))
