"""Cases of identity: distances, matching, looking up, verifying, sets of faces."""

from __future__ import annotations

import numpy as np

from benchmarks.compared.case import Case
from benchmarks.compared.world import OWNER, THRESHOLD, N, column, value
from medbench.metrics.detection import HogDetection, MtcnnDetection
from medbench.metrics.eye_region import EyesAuc, EyesRank1, IrisAuc, IrisRank1
from medbench.metrics.identification import Rank1Identification
from medbench.metrics.identity import IdentityDistance, RestoredIdentityDistance
from medbench.metrics.leakage import IdentityLeakage
from medbench.metrics.matching import FaceMatchingRate, RestoredMatchingRate
from medbench.metrics.metric import Metric
from medbench.metrics.protection import ProtectionRate
from medbench.metrics.rank_k import Rank5Identification, Rank10Identification
from medbench.metrics.subgroups import WorstMatching
from medbench.metrics.verification import VerificationAuc, VerificationEer, VerificationTar

OTHER = ~np.eye(N, dtype=bool)


def cases() -> list[Case]:
    """See the module."""
    return [*_distances(), *_looked_up(), *_verified(), *_found()]


def near(left: str, right: str = "original.identity") -> np.ndarray:
    """Distances (N, N) of all faces of two columns, by scipy."""
    from scipy.spatial.distance import cdist

    return cdist(column(left), column(right))


def _distances() -> list[Case]:
    def apart(role: str) -> float:
        return np.diag(near(f"{role}.identity")).mean()

    def matches(role: str) -> float:
        return (np.diag(near(f"{role}.identity")) <= THRESHOLD).mean()

    def worst() -> float:
        import pandas as pd

        from benchmarks.compared.world import world

        hit = np.diag(near("protected.identity")) <= THRESHOLD
        frame = world().truth.assign(
            hit=hit, years=lambda f: pd.cut(f["age"], [-np.inf, 40, 60, np.inf], right=False)
        )
        groups = ("years", "sex", "tone_group", "disease")
        means = [
            frame.groupby(g, observed=True).agg(hit=("hit", "mean"), n=("subject", "nunique")) for g in groups
        ]
        return pd.concat(means).query("n >= 10")["hit"].max()

    def leaked() -> float:
        from sklearn.neighbors import NearestNeighbors

        gallery = NearestNeighbors(radius=THRESHOLD).fit(column("original.identity"))
        found = gallery.radius_neighbors(column("protected.identity"), return_distance=False)
        return np.mean([len(one) > 0 for one in found])

    return [
        Case(
            "id_dis", "scipy", "distance.cdist", lambda: value(IdentityDistance), lambda: apart("protected")
        ),
        Case(
            "id_dis_restored",
            "scipy",
            "distance.cdist",
            lambda: value(RestoredIdentityDistance),
            lambda: apart("restored"),
        ),
        Case(
            "face_matching_rate",
            "scipy",
            "distance.cdist",
            lambda: value(FaceMatchingRate),
            lambda: matches("protected"),
        ),
        Case(
            "face_matching_rate_restored",
            "scipy",
            "distance.cdist",
            lambda: value(RestoredMatchingRate),
            lambda: matches("restored"),
        ),
        Case(
            "worst_subgroup_matching", "pandas", "groupby().mean().max()", lambda: value(WorstMatching), worst
        ),
        Case("identity_leakage", "scikit-learn", "radius_neighbors", lambda: value(IdentityLeakage), leaked),
    ]


def _looked_up() -> list[Case]:
    def first(path: str, known: bool = False) -> float:
        from sklearn.neighbors import KNeighborsClassifier

        def hits(probes: np.ndarray) -> np.ndarray:
            gallery = column(path.replace("protected", "original"))
            found = np.empty(N, dtype=bool)
            for row in range(N):
                rest = OTHER[row]
                model = KNeighborsClassifier(1).fit(gallery[rest], OWNER[rest])
                found[row] = model.predict(probes[row : row + 1])[0] == OWNER[row]
            return found

        after = hits(column(path))
        return after[hits(column("original.identity"))].mean() if known else after.mean()

    def among(k: int) -> float:
        from sklearn.metrics import top_k_accuracy_score

        distances = np.where(OTHER, near("protected.identity"), np.inf)
        people = np.stack(
            [distances[:, person == OWNER].min(axis=1) for person in range(OWNER.max() + 1)], axis=1
        )
        return top_k_accuracy_score(OWNER, -people, k=k)

    neighbours = "KNeighborsClassifier"
    return [
        Case(
            "rank1_identification",
            "scikit-learn",
            neighbours,
            lambda: value(Rank1Identification),
            lambda: first("protected.identity"),
        ),
        Case(
            "rank5_identification",
            "scikit-learn",
            "top_k_accuracy_score",
            lambda: value(Rank5Identification),
            lambda: among(5),
        ),
        Case(
            "rank10_identification",
            "scikit-learn",
            "top_k_accuracy_score",
            lambda: value(Rank10Identification),
            lambda: among(10),
        ),
        Case(
            "protection_rate",
            "scikit-learn",
            neighbours,
            lambda: value(ProtectionRate),
            lambda: 1 - first("protected.identity", known=True),
        ),
        Case(
            "protection_rate, unconditional",
            "scikit-learn",
            neighbours,
            lambda: value(ProtectionRate, "unconditional"),
            lambda: 1 - first("protected.identity"),
        ),
        Case(
            "eyes_rank1",
            "scikit-learn",
            neighbours,
            lambda: value(EyesRank1),
            lambda: first("protected.identity_eyes"),
        ),
        Case(
            "iris_rank1",
            "scikit-learn",
            neighbours,
            lambda: value(IrisRank1),
            lambda: first("protected.identity_iris"),
        ),
    ]


def _verified() -> list[Case]:
    def roc(name: str = "identity") -> tuple[np.ndarray, np.ndarray]:
        from sklearn.metrics import roc_curve

        distances = near(f"protected.{name}", f"original.{name}")
        same = OWNER[:, None] == OWNER[None, :]
        rates = roc_curve(same[OTHER], -distances[OTHER], drop_intermediate=False)
        return rates[0], rates[1]

    def area(name: str = "identity") -> float:
        from sklearn.metrics import auc

        return auc(*roc(name))

    def equal() -> float:
        from scipy.interpolate import interp1d
        from scipy.optimize import brentq

        line = interp1d(*roc())
        return brentq(lambda rate: 1 - rate - line(rate), 0, 1, xtol=1e-12)

    def accepted() -> float:
        false, true = roc()
        return true[false <= 1e-3].max()

    def of(metric: type[Metric]) -> float:
        return value(metric, "attacker=naive")

    return [
        Case("verification_auc, naive", "scikit-learn", "roc_curve, auc", lambda: of(VerificationAuc), area),
        Case("verification_eer, naive", "scipy", "brentq on roc_curve", lambda: of(VerificationEer), equal),
        Case("verification_tar, naive", "scikit-learn", "roc_curve", lambda: of(VerificationTar), accepted),
        Case(
            "eyes_auc",
            "scikit-learn",
            "roc_curve, auc",
            lambda: value(EyesAuc),
            lambda: area("identity_eyes"),
        ),
        Case(
            "iris_auc",
            "scikit-learn",
            "roc_curve, auc",
            lambda: value(IrisAuc),
            lambda: area("identity_iris"),
        ),
    ]


def _found() -> list[Case]:
    def share(name: str) -> float:
        from sklearn.metrics import accuracy_score

        return accuracy_score(np.ones(N, dtype=bool), column(f"protected.{name}"))

    return [
        Case(
            "detection_hog",
            "scikit-learn",
            "accuracy_score",
            lambda: value(HogDetection),
            lambda: share("detected"),
        ),
        Case(
            "detection_mtcnn",
            "scikit-learn",
            "accuracy_score",
            lambda: value(MtcnnDetection),
            lambda: share("mtcnn_detected"),
        ),
    ]
