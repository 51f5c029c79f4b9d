"""What a listing tells, read without importing, is what the things themselves say."""

from __future__ import annotations

import pytest

from medbench.catalogue import TOLD, catalogue
from medbench.registry import Registry


@pytest.mark.parametrize("kind", ["evaluators", "metrics", "suites"])
def test_no_cell_of_a_listing_is_empty(kind):
    rows = catalogue(kind)
    for row in rows:
        assert all(row.get(title) not in (None, "", ()) for title in TOLD[kind]), row["name"]


@pytest.mark.parametrize(
    "name", ["segmentation_mini", "segmentation_nnunet", "identity_eyes", "landmarks_dlib"]
)
def test_columns_named_by_a_constant_are_told(name):
    (row,) = [row for row in catalogue("evaluators") if row["name"] == name]
    assert tuple(row["produces"]) == tuple(Registry("evaluators").get(name).produces)
