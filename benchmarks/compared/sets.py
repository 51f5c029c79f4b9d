"""Cases of whole sets: Fréchet and kernel distances, Wasserstein distances, folds of pairs."""

from __future__ import annotations

import numpy as np

from benchmarks.compared.case import Case
from benchmarks.compared.world import column, generator, value
from medbench.metrics.distribution import Fid, FrechetIdentity, KernelIdentity, Kid
from medbench.metrics.metric import Metric
from medbench.metrics.statistics.pair_folds import fold_accuracy
from medbench.metrics.wasserstein import (
    WassersteinAge,
    WassersteinDisease,
    WassersteinEthnicity,
    WassersteinSex,
)


def cases() -> list[Case]:
    """See the module."""
    return [*_features(), *_people(), *_folds()]


def _two(name: str) -> tuple[np.ndarray, np.ndarray]:
    return column(f"original.{name}"), column(f"protected.{name}")


def _features() -> list[Case]:
    def frechet(name: str) -> float:
        import torch
        from torchmetrics.image.fid import _compute_fid

        sides = [torch.tensor(side) for side in _two(name)]
        return _compute_fid(*(part for s in sides for part in (s.mean(dim=0), s.T.cov()))).item()

    def kernel(name: str) -> float:
        import torch
        from torchmetrics.image.kid import poly_mmd

        return poly_mmd(*(torch.tensor(side) for side in _two(name)), degree=3, gamma=None, coef=1.0).item()

    def case(metric: type[Metric], name: str) -> Case:
        is_kernel = issubclass(metric, KernelIdentity)
        function, other = (kernel, "kid.poly_mmd") if is_kernel else (frechet, "fid._compute_fid")
        return Case(metric.name, "torchmetrics", other, lambda: value(metric), lambda: function(name))

    return [
        case(FrechetIdentity, "identity"),
        case(Fid, "inception"),
        case(KernelIdentity, "identity"),
        case(Kid, "inception"),
    ]


def _people() -> list[Case]:
    def along() -> float:
        from scipy.stats import wasserstein_distance

        return wasserstein_distance(*(side[:, 0] / 100 for side in _two("age")))

    def among(name: str) -> float:
        from scipy.spatial.distance import cityblock

        sides = _two(name)
        shares = [np.bincount(s.argmax(axis=1), minlength=s.shape[1]) / len(s) for s in sides]
        return cityblock(*shares) / 2

    return [
        Case("wasserstein_age", "scipy", "wasserstein_distance", lambda: value(WassersteinAge), along),
        Case(
            "wasserstein_disease",
            "scipy",
            "cityblock / 2",
            lambda: value(WassersteinDisease),
            lambda: among("diagnosis"),
        ),
        Case(
            "wasserstein_sex", "scipy", "cityblock / 2", lambda: value(WassersteinSex), lambda: among("sex")
        ),
        Case(
            "wasserstein_ethnicity",
            "scipy",
            "cityblock / 2",
            lambda: value(WassersteinEthnicity),
            lambda: among("ethnicity"),
        ),
    ]


def pairs() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """600 distances, whether of one person, and their folds."""
    rng = generator("pairs")
    same = np.tile([True, False], 300)
    return rng.normal(np.where(same, 1.0, 1.4), 0.25), same, np.repeat(np.arange(10), 60)


def _folds() -> list[Case]:
    def by_curve(spread: bool = False) -> float:
        from scipy.stats import sem
        from sklearn.metrics import accuracy_score, roc_curve

        distances, same, folds = pairs()
        found = []
        for fold in range(10):
            train = folds != fold
            false, true, at = roc_curve(same[train], -distances[train], drop_intermediate=False)
            right = true * same[train].sum() + (1 - false) * (~same[train]).sum()
            best = -at[np.flatnonzero(np.isclose(right, right.max()))[0]]
            after = distances[train][distances[train] > best].min()
            found.append(accuracy_score(same[~train], distances[~train] <= (best + after) / 2))
        return sem(found) if spread else np.mean(found)

    return [
        Case(
            "pair_accuracy (10 folds)",
            "scikit-learn",
            "roc_curve",
            lambda: fold_accuracy(*pairs()).mean,
            by_curve,
        ),
        Case(
            "pair_accuracy, standard error",
            "scipy",
            "stats.sem",
            lambda: fold_accuracy(*pairs()).standard_error,
            lambda: by_curve(spread=True),
        ),
    ]
