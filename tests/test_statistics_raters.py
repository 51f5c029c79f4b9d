"""Many graders: textbook tables, another package, and what must hold."""

from __future__ import annotations

import numpy as np
import pytest

from medbench.metrics.statistics.agreement import kappa
from medbench.metrics.statistics.raters import alpha, coincidences, fleiss_kappa, majority, votes

#: Fleiss 1971 as Wikipedia works it: ten subjects, fourteen graders, five classes; kappa .210.
FLEISS = np.array(
    [
        [0, 0, 0, 0, 14],
        [0, 2, 6, 4, 2],
        [0, 0, 3, 5, 6],
        [0, 3, 9, 2, 0],
        [2, 2, 8, 1, 1],
        [7, 7, 0, 0, 0],
        [3, 2, 6, 3, 0],
        [2, 5, 3, 2, 2],
        [6, 5, 2, 1, 0],
        [0, 2, 2, 3, 7],
    ]
)
#: Krippendorff 2011, example C: four graders, twelve units, readings missing; .743 and .815.
KRIPPENDORFF = (
    np.array(
        [
            [1, 2, 3, 3, 2, 1, 4, 1, 2, 0, 0, 0],
            [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, 0, 3],
            [0, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, 0],
            [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, 0],
        ]
    ).T
    - 1
)


def of(readings, classes, level):
    return float(alpha(coincidences(votes(readings, classes)).sum(axis=0), level))


def test_fleiss_textbook():
    assert fleiss_kappa(FLEISS) == pytest.approx(0.20993, abs=5e-6)


def test_alpha_textbook():
    assert of(KRIPPENDORFF, 5, "nominal") == pytest.approx(0.743, abs=5e-4)
    assert of(KRIPPENDORFF, 5, "ordinal") == pytest.approx(0.815, abs=5e-4)
    assert of(KRIPPENDORFF, 5, "interval") == pytest.approx(0.849, abs=5e-4)


@pytest.mark.parametrize("level", ["nominal", "ordinal", "interval"])
def test_alpha_as_the_package_has_it(level):
    package = pytest.importorskip("krippendorff")
    rng = np.random.default_rng(5)
    for missing in (0.0, 0.4):
        graded = rng.integers(0, 4, (60, 1)) // rng.integers(1, 3, (60, 3))
        given = np.where(rng.random((60, 3)) < missing, -1, graded)
        theirs = package.alpha(
            np.where(given.T < 0, np.nan, given.T), level_of_measurement=level, value_domain=[0, 1, 2, 3]
        )
        assert of(given, 4, level) == pytest.approx(theirs, abs=1e-12)


def test_fleiss_as_statsmodels_has_it():
    inter_rater = pytest.importorskip("statsmodels.stats.inter_rater")
    counted = votes(np.random.default_rng(1).integers(0, 3, (50, 5)), 3)
    assert fleiss_kappa(counted) == pytest.approx(inter_rater.fleiss_kappa(counted), abs=1e-12)


def test_two_graders_alpha_tends_to_scotts_pi():
    first, second = np.random.default_rng(2).integers(0, 3, (2, 40))
    counted = votes(np.stack([first, second], axis=1), 3)
    shares = counted.sum(axis=0) / counted.sum()
    pi = ((first == second).mean() - (shares**2).sum()) / (1 - (shares**2).sum())
    assert fleiss_kappa(counted) == pytest.approx(pi)
    nominal = float(alpha(coincidences(counted).sum(axis=0)))
    assert 1 - nominal == pytest.approx((1 - pi) * (80 - 1) / 80)


def test_full_agreement_and_one_class_alone():
    readings = np.repeat(np.arange(4)[:, None], 3, axis=1)
    assert fleiss_kappa(votes(readings, 4)) == 1 and of(readings, 4, "ordinal") == 1
    assert np.isnan(fleiss_kappa(votes(readings * 0, 4))) and np.isnan(of(readings * 0, 4, "nominal"))


def test_fleiss_refuses_missing_readings():
    with pytest.raises(ValueError, match="Krippendorff"):
        fleiss_kappa(votes(np.array([[0, 1], [0, -1]]), 2))


def test_majority_and_its_ties():
    readings = np.array([[0, 0, 2], [1, 2, 0], [-1, -1, -1], [2, 2, -1]])
    assert majority(readings, 3).tolist() == [0, -1, -1, 2]
    likely = np.array([[0.1, 0.8, 0.1], [0.1, 0.2, 0.7], [1, 0, 0], [0, 0, 1]])
    assert majority(readings, 3, likely).tolist() == [0, 2, -1, 2]


def test_quadratic_kappa_of_two_graders_is_close_to_interval_alpha():
    rng = np.random.default_rng(3)
    first = rng.integers(0, 5, 4000)
    second = np.clip(first + rng.integers(-1, 2, 4000), 0, 4)
    table = np.bincount(first * 5 + second, minlength=25).reshape(5, 5)
    near = of(np.stack([first, second], axis=1), 5, "interval")
    assert float(kappa(table, "quadratic")) == pytest.approx(near, abs=2e-3)
