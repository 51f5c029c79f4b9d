"""Fast multinomial draws obey the law of NumPy's."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from medbench.metrics.statistics.multinomial import multinomial

DRAWS = 20_000
TABLES = {
    "light and heavy": [400, 3, 0, 12, 90, 29, 1, 465],
    "light only": [5, 0, 11, 2],
    "heavy only": [100, 30, 70],
    "one cell": [7],
    "more light images than words": [20] * 4000,
}


@pytest.mark.parametrize("name", TABLES)
def test_rows_hold_all_images_and_empty_cells_stay_empty(name):
    table = np.array(TABLES[name])
    found = multinomial(np.random.default_rng(0), table, 300)
    assert found.shape == (300, len(table))
    assert (found.sum(axis=1) == table.sum()).all()
    assert (found[:, table == 0] == 0).all()


@pytest.mark.parametrize("name", ["light and heavy", "light only"])
def test_law_of_every_cell_is_binomial(name):
    table = np.array(TABLES[name])
    found = multinomial(np.random.default_rng(1), table, DRAWS)
    for cell in np.flatnonzero(table):
        law = stats.binom(table.sum(), table[cell] / table.sum())
        low, high = int(law.ppf(0.01)), int(law.ppf(0.99))
        seen = np.bincount(np.clip(found[:, cell], low, high) - low, minlength=high - low + 1)
        shares = np.diff(law.cdf(np.arange(low - 1, high + 1)))
        shares[0], shares[-1] = law.cdf(low), law.sf(high - 1)
        assert stats.chisquare(seen, shares * DRAWS).pvalue > 1e-4


def test_cells_move_together_as_a_multinomial_has_it():
    table = np.array(TABLES["light and heavy"])
    found = multinomial(np.random.default_rng(2), table, DRAWS)
    share = table / table.sum()
    wanted = table.sum() * (np.diag(share) - np.outer(share, share))
    assert np.cov(found.T) == pytest.approx(wanted, abs=0.04 * wanted.max())


def test_same_seed_same_draws():
    table = np.array(TABLES["light and heavy"])
    first, again = (multinomial(np.random.default_rng(3), table, 50) for _ in range(2))
    assert (first == again).all()
