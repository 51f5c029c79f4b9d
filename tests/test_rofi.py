"""ROFI on its shipped weights: signs found without region labels, two keys two faces, one key back."""

import numpy as np
import pytest
import torch

from medbench.core import Batch, MedbenchError, Unavailable
from medbench.keys import Key
from medbench.methods.eye_window import eye_centres
from medbench.methods.face_region import find_faces
from medbench.methods.face_window import Window
from medbench.methods.networks.eye_regions import corners, laid
from medbench.methods.networks.sign_detector import SignDetector, image_logits, sign_scores
from medbench.methods.rofi.method import RofiMethod, vectors
from medbench.methods.rofi.network import Rofi, depth_of
from medbench.suites.mini.suite import MiniSuite

METHOD = RofiMethod
WHOLE = Window(0, 0, 256)


@pytest.fixture(scope="module")
def samples():
    """A picture of each disease of each of ten persons of the select split."""
    index = MiniSuite().index("select")
    chosen = index[index["subject"].isin(index["subject"].unique()[::10])]
    return [MiniSuite().read("select", name) for name in chosen["id"]]


def as_batch(samples):
    images = torch.from_numpy(np.stack([s.image for s in samples])).permute(0, 3, 1, 2).float() / 255
    return Batch(images, tuple(s.id for s in samples), None)


def true_eyes(samples):
    marks = np.stack([s.truth["landmarks68"] for s in samples])
    return torch.from_numpy(np.stack([marks[:, 36:42].mean(1), marks[:, 42:48].mean(1)], 1)).float()


def eight_bit(images):
    return (images * 255).round() / 255


def psnr(a, b):
    return float(-10 * torch.log10((a - b).square().mean()))


@pytest.fixture(scope="module")
def protected(method, samples):
    """Two pictures under a key, as a clinic keeps them."""
    batch = as_batch(samples[:2])
    keys = [Key.from_passphrase("anna"), Key.from_passphrase("berta")]
    return batch.images, keys, eight_bit(method.anonymize(batch, keys))


def test_the_sign_map_finds_diseased_eyes_without_region_labels(method, samples):
    from sklearn.metrics import roc_auc_score

    _, scores = method.rofi.signs(as_batch(samples).images, true_eyes(samples))
    most = scores.flatten(1).amax(1).numpy()
    disease = np.array([s.truth["disease"] for s in samples])
    assert roc_auc_score(disease != "Normal", most) >= 0.85


def test_an_images_score_is_its_largest_regions():
    logits = torch.full((4, 7, 2, 3), -5.0)
    logits[1, 2, 0, 1] = 0.7
    assert image_logits(logits)[0].tolist() == pytest.approx([-5, -5, 0.7, -5, -5, -5, -5])
    assert image_logits(logits)[1].tolist() == [-5.0] * 7
    assert sign_scores(logits)[1, 0, 0, 1] == pytest.approx(1 / (1 + np.exp(-0.7)))
    softly = image_logits(logits, sharpness=50.0)[0]
    assert image_logits(logits, sharpness=1.0)[0, 2] < softly[2] < 0.7


def test_eyes_come_back_where_they_were_cut():
    eyes = torch.tensor([[[95.0, 113.0], [160.0, 114.0]]])
    at = corners(eyes)
    yes = torch.zeros(1, 2, 1, 12, 16)
    yes[0, 0, 0, 3, 2], yes[0, 1, 0, 5, 2] = 1, 1
    (row0, col0), (row1, col1) = at[0].tolist()
    found = {tuple(place) for place in laid(yes, at)[0, 0].nonzero().tolist()}
    # The second eye is looked at in a mirror, outer corner on the left.
    assert found == {(row0 + 3, col0 + 2), (row1 + 5, col1 + 13)}


def test_the_key_brings_the_8_bit_picture_back_and_no_other_does(method, protected):
    images, keys, shown = protected
    right = method.restore(shown, keys)
    wrong = method.restore(shown, [Key.from_passphrase("eve")] * 2)
    for image, back, other, seen in zip(images, right, wrong, shown, strict=True):
        assert psnr(back, image) >= 22 > psnr(other, image)
        assert psnr(other, seen) < 40


def test_every_wrong_key_gives_the_same_virtual_face(method, protected):
    _, _, shown = protected
    wrong = [method.restore(shown[:1], [Key.from_passphrase(word)]) for word in ("eve", "mallory")]
    assert torch.equal(*wrong)


def test_no_vector_in_the_keys_place_opens_a_picture(method, protected):
    """The universal-key attack: with the networks frozen, the key vector has nothing to climb on."""
    shown = protected[2][:1]
    key = torch.zeros(1, 512, requires_grad=True)
    virtual = vectors([Key.from_passphrase("virtual")])
    noise = torch.rand(
        1, 32, 32, method.rofi.core.opens.in_features, generator=torch.Generator().manual_seed(0)
    )
    restored = method.rofi.decrypt(shown, key, virtual, noise, shown)
    assert not restored.requires_grad or not torch.autograd.grad(restored.sum(), key)[0].any()


def test_two_keys_two_faces(method, samples, protected):
    images, _, shown = protected
    other = eight_bit(method.anonymize(as_batch(samples[:1]), [Key.from_passphrase("carla")]))
    # Outside the eyes, which both leave alone where they show a sign.
    face = (slice(None), slice(130, 200), slice(80, 176))
    assert (other[0][face] - shown[0][face]).abs().mean() > 0.03
    assert (images[0][face] - shown[0][face]).abs().mean() > 0.03


def test_the_lower_the_threshold_the_more_is_substituted(method, samples):
    ill = [s for s in samples if s.truth["severity"] == "heavy"][:2]
    image = as_batch(ill).images
    eyes = torch.stack([eye_centres(find_faces(x)[0], WHOLE) for x in image])
    key = vectors([Key.from_passphrase("anna")] * 2)
    _, scores = method.rofi.signs(image, eyes)
    shares = [float((scores > t).float().mean()) for t in (0.1, 0.5, 0.9)]
    assert shares[0] >= shares[1] >= shares[2] and shares[1] > 0
    with torch.no_grad():
        near, far = (method.rofi.encrypt(image, key, eyes, threshold=t) for t in (0.1, 1.0))
    eye = torch.nn.functional.interpolate((scores > 0.5).float(), scale_factor=4.0).expand_as(image) > 0
    assert (near - image)[eye].abs().mean() < (far - image)[eye].abs().mean()


def test_ablations_run_on_the_same_weights(method, samples, protected):
    batch = as_batch([s for s in samples if s.truth["disease"] == "Uveitis"][:1])
    key = [Key.from_passphrase("anna")]
    drawn = {}
    for preset in ("mini", "threshold-0.9", "no-da-former", "no-substitution"):
        other = RofiMethod()
        other.load(preset=preset)
        drawn[preset] = other.anonymize(batch, key)
        assert (other.fingerprint() == method.fingerprint()) == (preset == "mini")
    assert (drawn["no-substitution"] - drawn["mini"]).abs().max() > 0.02


def test_other_depths_tell_how_they_are_trained():
    with pytest.raises(Unavailable, match=r"medbench train --method rofi .*--preset blocks-8"):
        RofiMethod().load(preset="blocks-8")
    assert [depth_of(name) for name in ("mini", "blocks-2", "blocks-10")] == [6, 2, 10]
    with pytest.raises(MedbenchError, match="blocks-2 to blocks-10"):
        depth_of("blocks-many")


def test_a_detector_step_lowers_the_loss_on_a_fixed_batch():
    from medbench.methods.training.sign_detector import detector_loss

    torch.manual_seed(0)
    net = SignDetector()
    eyes, disease = torch.rand(8, 2, 3, 32, 40), torch.eye(8)[:, 1:]
    adam = torch.optim.AdamW(net.parameters(), 1e-3)
    first, _ = detector_loss(net, eyes, disease)
    for _ in range(4):
        adam.zero_grad()
        loss, _ = detector_loss(net, eyes, disease)
        loss.backward()
        adam.step()
    assert detector_loss(net, eyes, disease)[0] < first


def test_a_step_lowers_the_loss_on_a_fixed_batch(method, samples):
    from medbench.methods.rofi.losses import paired
    from medbench.methods.rofi.model import RofiMini
    from medbench.methods.training.paired_heads import Scenes

    batch, eyes = as_batch(samples[:4]), true_eyes(samples[:4])
    torch.manual_seed(0)
    rofi = Rofi(method.rofi.detector, RofiMini(depth=1), method.rofi.heads)
    heads = torch.rand(4, 4, 128, 128)
    codes = torch.randn(2, 4, 64)
    scenes = Scenes(batch.images, heads, heads.flip(0), codes[0], codes[1], eyes, eyes, eyes)
    adam = torch.optim.AdamW(rofi.core.parameters(), 1e-3)
    totals = []
    for _ in range(3):
        torch.manual_seed(1)
        loss = paired(rofi, scenes)[0]["total"]
        totals.append(float(loss))
        adam.zero_grad()
        loss.backward()
        adam.step()
    assert totals[-1] < totals[0]
