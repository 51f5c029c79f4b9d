"""The page that sets our figures beside other packages' is whole, and its check finds what drifts."""

from __future__ import annotations

import math
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.compared import intervals, sets
from benchmarks.compared.case import Case, computed
from benchmarks.compared.page import complaints, page
from medbench.registry import Registry

PAGE = Path(__file__).parents[1] / "docs" / "metrics-compared.md"
#: Counted, not computed.
EXEMPT = {"counts"}


def case(ours, theirs, figure="kappa"):
    return computed(Case(figure, "package", "function", lambda: ours, lambda: theirs))


def test_every_metric_is_on_the_page():
    lines = [line.split("|")[1] for line in PAGE.read_text(encoding="utf-8").splitlines() if line[:1] == "|"]
    listed = {line.split(",")[0].split("(")[0].strip() for line in lines}
    names = {m.name for stem in Registry("metrics").names() for m in Registry("metrics").get(stem)}
    assert names - listed - EXEMPT == set()


def test_the_page_holds_nothing_that_differs():
    text = PAGE.read_text(encoding="utf-8")
    assert "not computed" not in text
    found = [line.split("|")[6].strip() for line in text.splitlines() if line.startswith("| ")][1:]
    assert len(found) > 80
    assert all(cell == "0" or float(cell.removeprefix("≤ ")) <= 1e-4 for cell in found)


def test_check_passes_on_the_page_it_wrote():
    rows = [case(0.25, 0.25 + 1e-9), case(1.5e-5, 1.5e-5, "p")]
    assert complaints(rows, page(rows)) == []


def test_check_finds_what_differs_drifts_is_new_or_has_gone():
    before = page([case(0.25, 0.25), case(0.5, 0.5, "gone")])
    assert "differs" not in before
    apart = complaints([case(0.25, 0.2500021), case(0.5, 0.5, "gone")], before)
    assert len(apart) == 1 and "theirs 0.2500021" in apart[0]
    drifted = complaints([case(0.26, 0.26), case(0.5, 0.5, "gone")], before)
    assert drifted == ["kappa (package): 0.250000 on the page, 0.260000 now"]
    other = complaints([case(0.25, 0.25), case(0.5, 0.5, "new")], before)
    assert len(other) == 2 and "new (package): not on the page" in other and "gone" in other[1]


def test_a_package_that_is_missing_is_told():
    def lost():
        raise ImportError("No module named 'package'")

    row = computed(Case("kappa", "package", "function", lambda: 0.2, lost))
    assert not row.agrees and math.isnan(row.apart)
    assert "not computed: No module named 'package'" in page([row])
    assert len(complaints([row], page([row]))) == 1


@pytest.mark.parametrize("family", [intervals, sets])
def test_some_families_agree_now(family):
    pytest.importorskip("statsmodels")
    rows = [computed(one) for one in family.cases() if one.package not in ("torchmetrics", "krippendorff")]
    assert rows and all(row.agrees for row in rows)
