"""Cases of shape and place: landmarks, lids, irises, gaze, tumours."""

from __future__ import annotations

import numpy as np

from benchmarks.compared.case import Case
from benchmarks.compared.world import OFFSET, SLOPE, column, generator, value, world
from medbench.core import Seen
from medbench.metrics.gaze import GazeError
from medbench.metrics.keypoints import EyelidError, IrisError
from medbench.metrics.landmarks import LandmarkError, NormalisedLandmarkError, PaperLandmarkError
from medbench.metrics.lid_aperture import LidHeight
from medbench.metrics.mtcnn_points import MtcnnSquaredError

_EYES = ((36, 42), (42, 48))


def cases() -> list[Case]:
    """See the module."""
    return [*_landmarks(), *_lids(), *_gaze()]


def _moved(name: str = "landmarks") -> np.ndarray:
    """Distances (N, points) between the two roles' points, by torch."""
    import torch

    first, second = (torch.tensor(column(f"{role}.{name}")) for role in ("original", "protected"))
    return torch.nn.functional.pairwise_distance(first, second, eps=0).numpy()


def _widths() -> np.ndarray:
    from scipy.spatial.distance import cdist

    points = column("original.landmarks")
    return np.array([[cdist(p[a : a + 1], p[b - 3 : b - 2])[0, 0] for a, b in _EYES] for p in points])


def _landmarks() -> list[Case]:
    def squared() -> float:
        from sklearn.metrics import mean_squared_error

        parts = (slice(36, 48), slice(48, 68), slice(27, 36))
        roles = [column(f"{role}.landmarks") for role in ("original", "protected")]
        return sum(2 * mean_squared_error(*(r[:, part].reshape(-1, 2) for r in roles)) for part in parts)

    def of_mtcnn() -> float:
        from sklearn.metrics import mean_squared_error

        return mean_squared_error(
            *(column(f"{role}.mtcnn_points").ravel() for role in ("original", "protected"))
        )

    def interocular() -> float:
        points = column("original.landmarks")
        outer = np.hypot(*(points[:, 36] - points[:, 45]).T)
        return (_moved().mean(axis=1) / outer).mean()

    def eyelids() -> float:
        moved, widths = _moved(), _widths()
        return np.mean([moved[:, a:b].mean(axis=1) / widths[:, k] for k, (a, b) in enumerate(_EYES)])

    distance = "pairwise_distance"
    return [
        Case("landmark_error", "torch", distance, lambda: value(LandmarkError), lambda: _moved().mean()),
        Case(
            "landmark_error_interocular",
            "torch",
            distance,
            lambda: value(NormalisedLandmarkError),
            interocular,
        ),
        Case(
            "landmark_mse_mtcnn",
            "scikit-learn",
            "mean_squared_error",
            lambda: value(MtcnnSquaredError),
            of_mtcnn,
        ),
        Case(
            "landmark_error_paper",
            "scikit-learn",
            "mean_squared_error",
            lambda: value(PaperLandmarkError),
            squared,
        ),
        Case("eyelid_error", "torch", distance, lambda: value(EyelidError), eyelids),
        Case(
            "iris_error",
            "torch",
            distance,
            lambda: value(IrisError),
            lambda: (_moved("iris") / _widths()).mean(),
        ),
    ]


def _lids() -> list[Case]:
    def openings(role: str) -> np.ndarray:
        points, found = column(f"{role}.landmarks"), []
        for a, _ in _EYES:
            gaps = [np.hypot(*(points[:, a + up] - points[:, a + down]).T) for up, down in ((1, 5), (2, 4))]
            found.append(np.mean(gaps, axis=0) / np.hypot(*(points[:, a] - points[:, a + 3]).T))
        return np.stack(found, axis=1)

    def error() -> float:
        from sklearn.metrics import mean_absolute_error

        truth = world().truth[["mrd1_right", "mrd1_left"]].to_numpy()
        return mean_absolute_error(truth, openings("protected") * SLOPE + OFFSET)

    def line(part: str) -> float:
        from scipy.stats import linregress

        truth = world().truth[["mrd1_right", "mrd1_left"]].to_numpy()
        return getattr(linregress(openings("original").ravel(), truth.ravel()), part)

    def frozen(part: str) -> float:
        seen = world()
        bare = Seen(seen.ids, seen.truth, {"original": seen.roles["original"]}, seen.failed)
        return LidHeight().calibrate(bare)[part]

    return [
        Case("mrd1_error", "scikit-learn", "mean_absolute_error", lambda: value(LidHeight), error),
        Case("mrd1_slope", "scipy", "linregress", lambda: frozen("mrd1_slope"), lambda: line("slope")),
        Case("mrd1_offset", "scipy", "linregress", lambda: frozen("mrd1_offset"), lambda: line("intercept")),
    ]


def _gaze() -> list[Case]:
    def turned() -> float:
        from scipy.spatial.transform import Rotation

        ways = []
        for role in ("original", "protected"):
            pitch, yaw = column(f"{role}.gaze").T
            turns = Rotation.from_euler("xy", np.stack([-pitch, yaw], axis=1), degrees=True)
            ways.append(turns.apply([0, 0, 1]))
        return np.degrees(np.arccos(np.clip((ways[0] * ways[1]).sum(axis=1), -1, 1))).mean()

    def part(which: int) -> float:
        from sklearn.metrics import mean_absolute_error

        return mean_absolute_error(*(column(f"{role}.gaze")[:, which] for role in ("original", "protected")))

    return [
        Case("gaze_error", "scipy", "Rotation", lambda: value(GazeError), turned),
        Case(
            "gaze_error, pitch",
            "scikit-learn",
            "mean_absolute_error",
            lambda: value(GazeError, "pitch"),
            lambda: part(0),
        ),
        Case(
            "gaze_error, yaw",
            "scikit-learn",
            "mean_absolute_error",
            lambda: value(GazeError, "yaw"),
            lambda: part(1),
        ),
    ]


def masks() -> tuple[np.ndarray, np.ndarray]:
    """Two blots (64, 64), bool."""
    rng = generator("masks")
    y, x = np.mgrid[:64, :64]
    blots = [(y - 30 - k) ** 2 / (9 + 4 * k) + (x - 28 - 3 * k) ** 2 / 16 < 6 for k in range(2)]
    return tuple(blot ^ (rng.random(blot.shape) < 0.004) for blot in blots)  # type: ignore[return-value]
