"""Each figure by an independent few lines of scipy or scikit-learn, and its interval by a loop."""

from __future__ import annotations

import numpy as np
import pytest
from metric_cases import seen_of, subject_loop
from scipy.spatial.distance import cdist
from scipy.spatial.transform import Rotation
from sklearn.metrics import (
    accuracy_score,
    balanced_accuracy_score,
    cohen_kappa_score,
    recall_score,
    roc_auc_score,
)
from sklearn.neighbors import NearestNeighbors

from medbench.core import DISEASES
from medbench.metrics.agreement import DiagnosisKappa
from medbench.metrics.detection import HogDetection, MtcnnDetection
from medbench.metrics.diagnosis import DiagnosisAccuracy, DiagnosisRetention, RestoredDiagnosisAccuracy
from medbench.metrics.discrimination import DiagnosisAuroc
from medbench.metrics.gaze import GazeError
from medbench.metrics.identification import Rank1Identification
from medbench.metrics.identity import IdentityDistance, RestoredIdentityDistance
from medbench.metrics.landmarks import LandmarkError, NormalisedLandmarkError, PaperLandmarkError
from medbench.metrics.matching import FaceMatchingRate, RestoredMatchingRate
from medbench.metrics.quality import ProtectedPsnr, ProtectedSsim
from medbench.metrics.reversibility import RestoredPsnr, RestoredSsim, WrongPasswordOpens
from medbench.metrics.statistics.resample import Resampler

SEEN = seen_of()
RESAMPLER = Resampler(("figures",), draws=150)
TRUTH = SEEN.truth["disease"].to_numpy()
PEOPLE = SEEN.truth["subject"].to_numpy()
NEAR = np.diag(cdist(SEEN.column("protected.identity"), SEEN.column("original.identity")))


def told(role):
    return np.array(DISEASES)[SEEN.column(f"{role}.diagnosis").argmax(axis=1)]


def found(metric, group="all"):
    return next(e for e in metric().estimates(SEEN, RESAMPLER) if e.group == group)


def check(estimate, statistic):
    everyone = np.arange(len(PEOPLE))
    assert estimate.value == pytest.approx(statistic(everyone), abs=1e-9)
    low, high = subject_loop(SEEN, statistic, RESAMPLER)
    # The other intervals have their own tests; here they have to be of the same figure and subjects.
    apart = 1e-9 if estimate.interval == "bootstrap-percentile/subject" else high - low
    assert (estimate.low, estimate.high) == pytest.approx((low, high), abs=apart)


def test_diagnosis():
    check(found(DiagnosisAccuracy), lambda i: balanced_accuracy_score(TRUTH[i], told("protected")[i]))
    check(found(DiagnosisAccuracy, "micro"), lambda i: accuracy_score(TRUTH[i], told("protected")[i]))
    check(found(RestoredDiagnosisAccuracy), lambda i: balanced_accuracy_score(TRUTH[i], told("restored")[i]))
    recalls = recall_score(TRUTH, told("protected"), labels=list(DISEASES), average=None)
    for disease, recall in zip(DISEASES, recalls, strict=True):
        estimate = found(DiagnosisAccuracy, f"class={disease}")
        assert estimate.value == pytest.approx(recall)
        assert estimate.n == np.equal(TRUTH, disease).sum()


def test_retention_is_paired():
    def ratio(i):
        kept = balanced_accuracy_score(TRUTH[i], told("protected")[i])
        return kept / balanced_accuracy_score(TRUTH[i], told("original")[i])

    check(found(DiagnosisRetention), ratio)


def test_auroc():
    told_of = SEEN.column("protected.diagnosis")
    areas = {
        d: lambda i, k=k, d=d: roc_auc_score(TRUTH[i] == d, told_of[i, k]) for k, d in enumerate(DISEASES)
    }
    check(found(DiagnosisAuroc), lambda i: np.mean([area(i) for area in areas.values()]))
    check(found(DiagnosisAuroc, "class=TAO"), areas["TAO"])


def test_kappa():
    def sklearns(i):
        return cohen_kappa_score(told("original")[i], told("protected")[i])

    check(found(DiagnosisKappa), sklearns)
    bcc = [told(role) == "BCC" for role in ("original", "protected")]
    assert found(DiagnosisKappa, "class=BCC").value == pytest.approx(cohen_kappa_score(*bcc))


def test_identity_distance():
    check(found(IdentityDistance), lambda i: np.nanmean(NEAR[i]))
    assert found(IdentityDistance).n == np.isfinite(NEAR).sum() < 180
    back = np.diag(cdist(SEEN.column("restored.identity"), SEEN.column("original.identity")))
    check(found(RestoredIdentityDistance), lambda i: back[i].mean())


def test_matching_counts_unseen_faces_as_unmatched():
    check(found(FaceMatchingRate), lambda i: (NEAR[i] <= 0.9).mean())
    back = np.diag(cdist(SEEN.column("restored.identity"), SEEN.column("original.identity")))
    check(found(RestoredMatchingRate), lambda i: (back[i] <= 0.9).mean())
    assert found(FaceMatchingRate).n == 180


def test_matching_with_the_other_images_of_the_person():
    near = cdist(SEEN.column("protected.identity"), SEEN.column("original.identity"))
    other = (PEOPLE[:, None] == PEOPLE[None, :]) & ~np.eye(180, dtype=bool)
    check(found(FaceMatchingRate, "other_images"), lambda i: (near[i][other[i]] <= 0.9).mean())


def test_threshold_lets_one_stranger_in_a_thousand_pass():
    select = seen_of(subjects=40, images=5)
    threshold = FaceMatchingRate().calibrate(select)["identity_threshold"]
    faces, people = select.column("original.identity"), select.truth["subject"].to_numpy()
    strangers = cdist(faces, faces)[np.triu(people[:, None] != people[None, :])]
    assert (strangers <= threshold).mean() <= 1e-3
    assert (strangers <= threshold + 2e-6).sum() == np.floor(len(strangers) * 1e-3) + 1


def test_threshold_needs_a_thousand_strangers():
    assert FaceMatchingRate().calibrate(seen_of(subjects=5, images=2)) == {}
    assert FaceMatchingRate().calibrate(seen_of(with_subject=False)) == {}


@pytest.mark.parametrize(("group", "own"), [("all", False), ("own_image_included", True)])
def test_identification(group, own):
    gallery, probe = SEEN.column("original.identity"), SEEN.column("protected.identity")
    hits = np.zeros(180)
    for k in np.flatnonzero(np.isfinite(probe).all(axis=1)):
        rest = np.flatnonzero((np.arange(180) != k) | own)
        nearest = NearestNeighbors(n_neighbors=1).fit(gallery[rest]).kneighbors(probe[[k]])[1][0, 0]
        hits[k] = PEOPLE[rest[nearest]] == PEOPLE[k]
    estimate = found(Rank1Identification, group)
    check(estimate, lambda i: hits[i].mean())
    assert estimate.chance == pytest.approx(6 / 180 if own else 5 / 179)


def test_landmarks():
    points, first = SEEN.column("protected.landmarks"), SEEN.column("original.landmarks")
    moved = np.hypot(*np.moveaxis(points - first, 2, 0))
    check(found(LandmarkError), lambda i: moved[i].mean())
    check(found(LandmarkError, "brow"), lambda i: moved[i][:, list(range(17, 27))].mean())
    check(found(LandmarkError, "jaw"), lambda i: moved[i][:, :17].mean())
    between = np.hypot(*(first[:, 45] - first[:, 36]).T)
    check(found(NormalisedLandmarkError, "eye"), lambda i: (moved[i][:, 36:48] / between[i, None]).mean())
    parts = [range(36, 48), range(48, 68), range(27, 36)]
    check(found(PaperLandmarkError), lambda i: sum((moved[i][:, list(p)] ** 2).mean() for p in parts))


def test_gaze():
    first, second = SEEN.column("original.gaze"), SEEN.column("protected.gaze")
    check(found(GazeError, "pitch"), lambda i: np.abs(first - second)[i, 0].mean())
    check(found(GazeError, "yaw"), lambda i: np.abs(first - second)[i, 1].mean())
    ahead = [
        Rotation.from_euler("YX", np.stack([g[:, 1], -g[:, 0]], axis=1), degrees=True).apply([0, 0, 1])
        for g in (first, second)
    ]
    angle = np.degrees(np.arccos((ahead[0] * ahead[1]).sum(axis=1)))
    check(found(GazeError), lambda i: angle[i].mean())


@pytest.mark.parametrize(
    ("metric", "path"),
    [
        (HogDetection, "protected.detected"),
        (MtcnnDetection, "protected.mtcnn_detected"),
        (ProtectedPsnr, "protected.psnr"),
        (ProtectedSsim, "protected.ssim"),
        (RestoredPsnr, "restored.psnr"),
        (RestoredSsim, "restored.ssim"),
    ],
)
def test_plain_means(metric, path):
    check(found(metric), lambda i: SEEN.column(path)[i].mean())


def test_wrong_passwords():
    tried = SEEN.wrong_keys
    opens = ((tried["distance"] <= 0.9) | (tried["psnr_right"] > 30)).to_numpy()
    of_sample = [np.flatnonzero(tried["id"] == name) for name in SEEN.ids]
    check(found(WrongPasswordOpens), lambda i: opens[np.concatenate([of_sample[k] for k in i])].mean())
    assert found(WrongPasswordOpens).n == 300
    assert found(WrongPasswordOpens, "by_picture").value == pytest.approx((tried["psnr_right"] > 30).mean())
