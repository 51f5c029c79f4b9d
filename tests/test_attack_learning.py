"""What attackers learn with: ridge against scikit-learn, heads, undoing, views, keys and guesses."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
import torch

from medbench.metrics.attacks.gradient_key import OpensByNumbers, descend
from medbench.metrics.attacks.guesses import likeliest, universal
from medbench.metrics.attacks.informed import Informed
from medbench.metrics.attacks.region import cut, inner, inside, placement, put_back, shown
from medbench.metrics.attacks.ridge import DualRidge
from medbench.metrics.attacks.undo import Undo
from medbench.metrics.attacks.undo_network import UndoNetwork


def faces(people=30, shots=5, side=64, seed=0):
    rng = np.random.default_rng(seed)
    codes = np.repeat(np.arange(people), shots)
    base = rng.integers(30, 226, (people, 8, 8, 3)).repeat(side // 8, 1).repeat(side // 8, 2)
    noisy = base[codes] + rng.integers(-8, 9, (len(codes), side, side, 3))
    return noisy.clip(0, 255).astype(np.uint8), codes


def test_ridge_agrees_with_scikit_learn():
    from sklearn.linear_model import Ridge

    rng = np.random.default_rng(1)
    x, people = rng.normal(size=(60, 200)), np.repeat(np.arange(20), 3)
    y = x @ rng.normal(size=(200, 4)) + rng.normal(size=(60, 4))
    ours = DualRidge(x, y, people, penalty=0.01)
    centred = x - x.mean(axis=0)
    strength = 0.01 * len(x) * np.square(centred).sum() / len(x)
    theirs = Ridge(alpha=strength).fit(x, y)
    new = rng.normal(size=(7, 200))
    assert ours.predict(new) == pytest.approx(theirs.predict(new), abs=1e-8)


def test_the_penalty_grows_with_the_noise():
    rng = np.random.default_rng(2)
    x, people = rng.normal(size=(150, 10)), np.repeat(np.arange(50), 3)
    y = x @ rng.normal(size=(10, 3))
    clean, noisy = (DualRidge(x, y + rng.normal(size=y.shape) * s, people).penalty for s in (0.01, 30.0))
    assert clean < 1e-3 < noisy


def test_the_informed_attacker_learns_a_strange_space():
    """Protected embeddings are noise to a naive comparison, pixels carry the person."""
    crops, codes = faces()
    rng = np.random.default_rng(5)
    clear = cv2.resize(crops.reshape(len(crops) * 64, 64, 3)[:, :, 0], (8, len(crops) * 8)).reshape(
        len(crops), -1
    )
    clear = clear.astype(float) / 255
    head = Informed(255 - crops, rng.normal(size=(len(crops), 6)), clear, codes)
    gallery, probes = head.gallery(clear), head.probes(255 - crops, np.full((len(crops), 6), np.nan))
    near = np.linalg.norm(probes[:, None] - gallery[None], axis=2)
    np.fill_diagonal(near, np.inf)
    assert (codes[near.argmin(axis=1)] == codes).mean() > 0.9
    clear[3] = np.nan
    assert np.isnan(head.gallery(clear)[3]).all()


def test_a_negative_is_undone():
    crops, codes = faces()
    undo = Undo(255 - crops[:100], crops[:100], codes[:100])
    drawn = undo.draw(255 - crops[100:])
    assert drawn.shape == crops[100:].shape and drawn.dtype == np.uint8
    plain = np.abs(crops[100:].astype(float) - crops[:100].mean(axis=0)).mean()
    assert np.abs(drawn.astype(float) - crops[100:]).mean() < plain


def test_the_network_undoes_what_no_linear_map_can():
    crops, codes = faces(people=14)
    grey = np.repeat(crops[..., 1:2], 3, axis=3)
    turned = np.random.default_rng(3).random(len(grey)) < 0.5
    # One channel tells whether the other two are a negative: a product, which no linear map forms.
    protected = np.where(turned[:, None, None, None], 255 - grey, grey)
    protected[..., 0] = np.where(turned, 255, 0)[:, None, None]
    clear, new = grey[:50], grey[50:].astype(float)
    errors = [
        np.abs(kind(protected[:50], clear, codes[:50]).draw(protected[50:]) - new).mean()
        for kind in (Undo, UndoNetwork)
    ]
    assert errors[1] < 0.8 * errors[0]


def test_the_network_does_no_harm_where_nothing_can_be_undone():
    crops, codes = faces(people=14)
    new = faces(people=14, seed=9)[0][:20]
    black = np.zeros_like(crops)
    drawn = [kind(black, crops, codes).draw(black[:20]) for kind in (Undo, UndoNetwork)]
    plain, network = (np.abs(faces_drawn.astype(float) - new).mean() for faces_drawn in drawn)
    assert network < 1.05 * plain


def landmarks(shift=(0.0, 0.0), turn=0.0):
    angle = np.linspace(0.1, np.pi - 0.1, 17)
    jaw = np.stack([128 - 60 * np.cos(angle), 120 + 70 * np.sin(angle)], axis=1)
    brows = np.stack([np.linspace(80, 176, 10), np.full(10, 95.0)], axis=1)
    nose = np.stack([np.full(9, 128.0), np.linspace(110, 145, 9)], axis=1)
    eyes = np.concatenate([np.array([[x + d, 110.0] for d in range(-9, 9, 3)]) for x in (105, 151)])
    mouth = np.stack([108 + np.arange(20) % 7 * 40 / 6, np.full(20, 165.0)], axis=1)
    points = np.concatenate([jaw, brows, nose, eyes, mouth]) - 128
    cos, sin = np.cos(turn), np.sin(turn)
    return points @ np.array([[cos, sin], [-sin, cos]]) + 128 + np.asarray(shift)


def test_a_turned_and_shifted_face_is_cut_out_alike():
    box = np.array([60.0, 80, 196, 200])
    rng = np.random.default_rng(4)
    image = cv2.GaussianBlur(rng.integers(0, 256, (256, 256, 3)).astype(np.uint8), (0, 0), 4)
    turn = 0.15
    cos, sin = np.cos(turn), np.sin(turn)
    matrix = np.array([[cos, -sin, 0], [sin, cos, 0]])
    matrix[:, 2] = 128 - matrix[:, :2] @ (128, 128) + (7, -5)
    moved = cv2.warpAffine(image, matrix, (256, 256))
    one = cut(image, placement(box, landmarks(), 96), 96)
    other = cut(moved, placement(box, landmarks((7, -5), turn), 96), 96)
    middle = slice(20, 76)
    apart = np.abs(one[middle, middle].astype(float) - other[middle, middle])
    assert apart.mean() < 4


def test_what_is_cut_out_can_be_put_back():
    box = np.array([40.0, 40, 200, 200])
    image = cv2.GaussianBlur(
        np.random.default_rng(6).integers(0, 256, (256, 256, 3)).astype(np.uint8), (0, 0), 5
    )
    matrix = placement(box, None, 160)
    again = put_back(cut(image, matrix, 160), np.zeros_like(image), matrix)
    assert np.abs(again[45:195, 45:195].astype(int) - image[45:195, 45:195]).max() <= 2
    assert not again[:30].any()


def test_the_face_view_shows_nothing_outside_the_face():
    image = np.full((256, 256, 3), 200, np.uint8)
    box = np.array([60.0, 80, 196, 200])
    seen = shown(image, box, landmarks(), "face")
    mask = inside((256, 256), box, landmarks())
    assert (seen[~mask] == 0).all() and (seen[mask] == 200).all()
    assert mask[130, 128] and not mask[10, 10] and not mask[120, 66] and 0.05 < mask.mean() < 0.3
    assert (shown(image, box, landmarks(), "picture") == 200).all()


def test_the_inner_view_has_one_shape_for_everybody():
    image, box = np.full((256, 256, 3), 200, np.uint8), np.array([60.0, 80, 196, 200])
    shapes = []
    for points in (landmarks(), landmarks((9, 4), 0.1)):
        seen = shown(image, box, points, "inner")
        shapes.append(cut(seen, placement(box, points, 128, "inner"), 128, "inner").any(axis=2))
    assert (shapes[0] == shapes[1]).mean() > 0.99 and 0.2 < shapes[0].mean() < 0.35
    assert not (shapes[0] & ~(inner(128)[..., 0] > 0)).any()


def test_a_guess_is_believed_where_it_shows_a_known_face():
    gallery = np.eye(4)
    wrong, right = np.full((4, 4), 5.0), np.roll(np.eye(4), 1, axis=0) + 0.1
    right[2] = np.nan
    chosen = likeliest([wrong, right], gallery)
    assert np.allclose(chosen[[0, 1, 3]], right[[0, 1, 3]]) and np.allclose(chosen[2], wrong[2])
    assert universal([wrong, gallery + 0.2, np.full((4, 4), np.nan)], gallery) == 1


def test_descent_finds_the_key_of_a_smooth_method_and_not_of_a_hashed_one():
    clear = torch.rand(4, 3, 8, 8, generator=torch.Generator().manual_seed(0))
    key = torch.tensor([0.8, -1.2, 0.3])

    def smooth(images, numbers):
        return images - numbers.view(1, 3, 1, 1)

    found, left = descend(smooth, clear + key.view(1, 3, 1, 1), clear, 3, seed=1, steps=150, starts=1)
    assert left < 0.01 and found == pytest.approx(key, abs=0.02)

    def hashed(images, numbers):
        stream = torch.Generator().manual_seed(int(numbers.detach().sum() * 1e6) % 2**31)
        return images - torch.rand(images.shape, generator=stream) + 0 * numbers.sum()

    _, left = descend(hashed, clear + 0.5, clear, 3, seed=1, steps=5, starts=1)
    assert left > 0.2


def test_only_a_method_with_both_parts_offers_a_gradient():
    from medbench.methods.method import Method

    assert not isinstance(Method(), OpensByNumbers)
