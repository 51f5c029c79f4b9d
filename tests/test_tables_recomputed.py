"""What printed figures allow their intervals to be, by another way than the footnotes'."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import binomtest

from medbench.leaderboards.published.read import read_published
from medbench.leaderboards.tables.footnotes import computed
from medbench.leaderboards.tables.footnotes_intervals import auroc_error, kappa_error
from medbench.metrics.statistics.delong import delong

ROWS = read_published()


def said(check, paper):
    return computed(check, [row for row in ROWS if row.paper == paper])


def test_kappa_error_as_statsmodels_simple_one():
    table = np.array([[60.0, 9.0], [9.0, 51.0]])
    seen, shares = np.trace(table) / table.sum(), table.sum(axis=0) / table.sum()
    expected = float((shares**2).sum())
    kappa = (seen - expected) / (1 - expected)
    wanted = math.sqrt(seen * (1 - seen) / (table.sum() * (1 - expected) ** 2))
    assert kappa_error(kappa, table.sum(), expected) == pytest.approx(wanted)


def test_a16_the_bar_by_hand():
    text = said("bar", "mema")
    assert "in 5 of 5 columns, DM in 2" in text
    assert "TAO by 0.0119, Ptosis by 0.0026" in text
    seen = (1 + 0.8346) / 2
    assert f"±{1.959964 * math.sqrt(seen * (1 - seen) / 129) / 0.5:.3f} (0.8346)" in text
    assert "0 of 5 are told apart" in text


def test_a29_by_hand():
    text = said("retrained", "mema")
    assert f"disguise {86.70 - 76.01:.2f} as released, {86.70 - 77.12:.2f} trained again" in text
    assert "holds for 3 of these 4" in text


def test_c12_number_of_images_gives_the_printed_width_back():
    text = said("kappa_images", "rofi")
    few, many = (int(word) for word in text.split(" images")[0].split(" that of ")[1].split(" to "))
    half = (0.9586 - 0.8569) / 2
    assert 1.96 * kappa_error(0.9077, few, 0.1) == pytest.approx(half, rel=0.01)
    assert 1.96 * kappa_error(0.9077, many, 0.4) == pytest.approx(half, rel=0.01)
    assert 69 < few < many


def test_hanley_and_mcneil_is_near_delong_where_its_model_holds():
    rng = np.random.default_rng(0)
    truth = np.arange(4000) % 2 == 0
    scores = rng.exponential(np.where(truth, 4.0, 1.0))
    area, covariance = delong(scores[None], truth, np.arange(4000))
    assert auroc_error(area[0], 2000, 2000) == pytest.approx(math.sqrt(covariance[0, 0]), rel=0.05)
    assert "±0.072" in said("auroc_width", "rofi") and "±0.0161" in said("auroc_width", "rofi")


def test_c19_exact_intervals():
    text = said("exact_sensitivities", "rofi")
    for name, hits in (("mosaic", 34), ("aigc", 31), ("simswap", 39)):
        exact = binomtest(hits, 40).proportion_ci()
        assert f"{name} {hits}/40: {100 * exact.low:.1f}–{100 * exact.high:.1f} %" in text
    assert "rofi" not in text
