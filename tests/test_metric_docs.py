"""docs/metrics.md says of every metric what its class says."""

from __future__ import annotations

from pathlib import Path

import pytest

from medbench.registry import Registry

PAGE = Path(__file__).parents[1] / "docs" / "metrics.md"
STEMS = Registry("metrics").names()


def row(metric):
    """The table row of a metric."""
    needs = ", ".join(f"`{need}`" for need in metric.needs) or "–"
    cells = (f"`{metric.name}`", metric.title, metric.unit, metric.direction, needs, metric.source)
    return f"| {' | '.join(cells)} |"


@pytest.mark.parametrize("stem", STEMS)
def test_every_metric_has_its_row_under_its_question(stem):
    page = PAGE.read_text(encoding="utf-8")
    assert f"`metrics/{stem}.py`" in page
    for metric in Registry("metrics").get(stem):
        assert row(metric) in page


def test_no_row_is_left_of_a_metric_that_went():
    rows = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    known = {row(metric) for stem in STEMS for metric in Registry("metrics").get(stem)}
    assert set(rows) == known
