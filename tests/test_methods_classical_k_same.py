"""The k-same family and the anchors that share its gallery."""

import numpy as np
import pandas as pd
import pytest
import torch

from medbench.core import Batch, Unavailable
from medbench.keys import Key
from medbench.methods.anchors.gallery_face import MeanFace, RandomFace
from medbench.methods.anchors.untouched import Untouched
from medbench.methods.classical import alignment, build_gallery, clusters, gallery, k_same
from medbench.methods.conformance import probes
from medbench.methods.face_mask import face_mask
from medbench.methods.face_region import find_faces
from medbench.suites.mini.splits import parse

FAMILY = (k_same.KSameAverage, k_same.KSameSelect, k_same.KSameFurthest)
DRAWS = Key.from_names("test")


@pytest.fixture(scope="module")
def seen():
    image = probes.faces()[0]
    return image.permute(1, 2, 0).numpy(), find_faces(image)


def loaded(cls, preset=None):
    method = cls()
    method.load(preset=preset)
    return method


@pytest.mark.parametrize("cls", FAMILY)
@pytest.mark.parametrize("preset", k_same.K)
def test_every_cluster_holds_k_faces(cls, preset):
    method = loaded(cls, preset)
    sizes = np.bincount(method.labels)
    assert sizes.min() >= k_same.K[preset] and sizes.sum() == len(method.gallery.ids)
    assert sizes.max() < 2 * k_same.K[preset]


@pytest.mark.parametrize("cls", FAMILY)
def test_members_of_a_cluster_get_the_same_face(cls, seen):
    """Gallery faces of one cluster, shown at one place, come out bit for bit alike."""
    method = loaded(cls)
    members = np.flatnonzero(method.labels == method.labels[7])
    face = seen[1][0]
    if cls is k_same.KSameSelect:
        opening = np.digitize(gallery.lid_opening(face.landmarks), method.bounds)
        members = np.flatnonzero(method.labels == method.labels[np.flatnonzero(method.classes == opening)[0]])
    given = {method.cluster(method.gallery.faces[member], face) for member in members}
    assert len(members) >= 10 and len(given) == 1


def test_the_stand_in_is_the_mean_of_its_cluster(seen):
    method = loaded(k_same.KSameAverage)
    aligned = alignment.cut(seen[0], seen[1][0].landmarks, method.gallery.template)
    number = method.cluster(aligned, seen[1][0])
    mean = np.mean(
        [f for f, label in zip(method.gallery.faces, method.labels, strict=True) if label == number], 0
    )
    out = method.treat(seen[0].copy(), seen[1], DRAWS)
    expected = alignment.paste(seen[0], mean, seen[1][0].landmarks, method.gallery.template)
    assert np.allclose(out, expected, atol=1e-5)


def test_nothing_of_the_face_shines_through(seen):
    """With one cluster chosen, the region does not depend on the face's own pixels."""
    method, pixels = loaded(MeanFace), seen[0]
    mask = face_mask(seen[1][0].landmarks, *pixels.shape[:2])
    other = pixels.copy()
    other[mask] = 0.5
    assert np.array_equal(
        method.treat(pixels, seen[1], DRAWS)[mask], method.treat(other, seen[1], DRAWS)[mask]
    )


def test_furthest_goes_to_the_opposite_cluster():
    average, far = loaded(k_same.KSameAverage), loaded(k_same.KSameFurthest)
    centres = clusters.means(average.gallery.descriptors, average.labels)
    for number, opposite in enumerate(far.opposite):
        apart = np.linalg.norm(centres - centres[number], axis=1)
        assert opposite == apart.argmax() != number


def test_select_stays_among_lids_that_are_open_alike(seen):
    method = loaded(k_same.KSameSelect)
    face = seen[1][0]
    for opening, shift in ((0, -9.0), (2, 9.0)):
        marks = face.landmarks.copy()
        marks[[41, 40, 47, 46], 1] += shift
        number = method.cluster(method.gallery.faces[0], face._replace(landmarks=marks))
        assert set(method.classes[method.labels == number]) == {opening}


def test_partition_is_greedy_and_deterministic():
    points = np.array([[0.0], [10.0], [1.0], [11.0], [2.0], [12.0], [13.0]])
    assert clusters.partition(points, 3).tolist() == [0, 1, 0, 1, 0, 1, 1]
    with pytest.raises(ValueError, match="cluster of 8"):
        clusters.partition(points, 8)


def test_similarity_undoes_a_known_turn_scale_and_shift():
    rng = np.random.default_rng(3)
    points = rng.normal(size=(20, 2))
    angle, scale = 0.3, 1.7
    turn = scale * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    matrix = alignment.similarity(points, points @ turn.T + [4, -2])
    assert np.allclose(matrix, np.column_stack([turn, [4, -2]]))


def test_cut_and_paste_bring_a_face_back_to_its_place(seen):
    pixels, landmarks, template = seen[0], seen[1][0].landmarks, gallery.shipped().template
    own = alignment.cut(pixels, landmarks, template)
    mask = face_mask(landmarks, *pixels.shape[:2])
    back, other = (alignment.paste(pixels, face, landmarks, template) for face in (own, own[:, ::-1]))
    assert np.abs(back - pixels)[mask].mean() < 0.025 < 0.5 * np.abs(other - pixels)[mask].mean()


def test_gallery_is_of_train_subjects_one_picture_each_all_classes_alike():
    samples = [parse(name) for name in gallery.shipped().ids]
    assert {sample.split for sample in samples} == {"train"}
    assert len({sample.subject for sample in samples}) == len(samples) == 200
    assert set(pd.Series([sample.disease for sample in samples]).value_counts()) == {25}


def test_gallery_file_can_be_built_again(tmp_path):
    """The first faces, drawn anew, are those of the file, up to JPEG and the smaller mean shape."""
    ids = list(gallery.shipped().ids[:6])
    build_gallery.build(tmp_path / "g.safetensors", ids)
    again = gallery.read(tmp_path / "g.safetensors")
    assert list(again.ids) == ids
    assert np.allclose(again.openings, gallery.shipped().openings[:6], atol=0.02)
    assert np.abs(again.template - gallery.shipped().template).mean() < 5


def test_gallery_file_is_small_and_a_missing_one_is_told(tmp_path):
    assert gallery.PATH.stat().st_size < 2 * 2**20
    with pytest.raises(Unavailable, match="build_gallery"):
        gallery.read(tmp_path / "none.safetensors")


def test_mean_face_is_one_for_all_and_random_face_one_of_many(seen):
    mean, chance = loaded(MeanFace), loaded(RandomFace)
    assert np.allclose(mean.stand_in(DRAWS, 0), gallery.shipped().faces.mean(axis=0))
    drawn = [chance.stand_in(Key.from_names(i), 0) for i in range(60)]
    assert all(any(np.array_equal(face, own) for own in gallery.shipped().faces) for face in drawn[:5])
    assert len({face.tobytes() for face in drawn}) > 40


def test_untouched_is_untouched():
    images = probes.faces()
    out = Untouched().anonymize(Batch(images, ("a", "b", "c"), pd.DataFrame(index=range(3))))
    assert torch.equal(out, images) and out is not images
